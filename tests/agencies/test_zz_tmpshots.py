import os, re
import pytest
from django.core.management import call_command
from playwright.sync_api import sync_playwright
from agencies.models import Person
from axe_playwright_python.sync_playwright import Axe
OUT="/tmp/gdev/shots"; os.makedirs(OUT, exist_ok=True)
@pytest.mark.django_db(transaction=True)
def test_shots(live_server):
    import time; t=time.time(); call_command("demo"); print("DEMO SECONDS", time.time()-t)
    ids={p.full_name: str(p.pk) for p in Person.objects.all()}
    axe=Axe(); log=[]
    with sync_playwright() as p:
        b=p.chromium.launch(executable_path=os.environ.get("CSECCASE_CHROMIUM") or None, args=["--no-sandbox"])
        def shoot(page,name):
            errs=[]
            for w in (1280,390,320):
                page.set_viewport_size({"width":w,"height":900})
                if w!=320: page.screenshot(path=f"{OUT}/{name}-{w}.png", full_page=True)
                over=page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
                if over>0: errs.append(f"overflow {w} {over}")
                r=axe.run(page)
                for v in r.response["violations"]: errs.append(f"{w} {v['id']} {v['nodes'][0]['html'][:150]}")
            log.append((name,errs))
        def user(who, paths):
            ctx=b.new_context(); page=ctx.new_page(); msgs=[]
            page.on("console", lambda m: msgs.append(m.text) if m.type=="error" else None)
            page.goto(live_server.url+"/account/practice/")
            page.locator(f"input[value='{ids[who]}']").locator("xpath=..").locator("button").click()
            for name,path in paths:
                page.goto(live_server.url+path); shoot(page,name)
            log.append((who,msgs)); return page
        page=b.new_page(); page.goto(live_server.url+"/account/practice/"); shoot(page,"practice")
        page.goto(live_server.url+"/account/login/?ended=1&next=/notices/"); shoot(page,"login")
        user("Ruth Castellanos",[("matrix","/sharing-rules/"),("matrix-da","/sharing-rules/?role=DA")])
        mai=ids["Mai Tanaka"]
        pg=user("Marcus Bell",[("people","/people/"),("person",f"/people/{mai}"),("designate",f"/people/{mai}/designate"),("invite","/people/invite"),("training",f"/people/{mai}/training"),("link",f"/people/{mai}/link"),("close",f"/people/{mai}/deactivate")])
        pg.goto(live_server.url+f"/people/{mai}/designate"); pg.locator("main button.usa-button").click(); shoot(pg,"designate-errors")
        b.close()
    for l in log: print("LOG",l)
