/* Warns two minutes before an idle session ends, and again at 30 seconds, and lets one key or button prolong it.
   From <body>: data-idle-seconds, data-extend-url (POST; any answer below 300 means prolonged). Typing counts as being there.
   Tabs of one browser tell each other, so that a warning never shows while somebody works in another tab. */
(function () {
  "use strict";
  var body = document.body;
  var idle = Number(body.dataset.idleSeconds) * 1000;
  var url = body.dataset.extendUrl;
  var box = document.getElementById("timeout");
  if (!idle || !url || !box || !window.fetch) return;
  var words = document.getElementById("timeout-words");
  var first = words.textContent;
  var warnBefore = Math.min(120000, idle / 2);
  var endsAt = 0, said = "", busy = false, lastSent = Date.now(), ticking = null;
  var tabs = window.BroadcastChannel ? new BroadcastChannel("signed-in") : null;

  function seen(tell) {
    endsAt = Date.now() + idle;
    said = "";
    words.textContent = first;
    if (box.open) box.close();
    if (tell && tabs) tabs.postMessage("seen");
  }

  function say(key, text) {
    if (said !== key) { said = key; words.textContent = text; }
  }

  function extend() {
    if (busy) return;
    busy = true;
    lastSent = Date.now();
    var token = document.querySelector("[name=csrfmiddlewaretoken]");
    fetch(url, { method: "POST", credentials: "same-origin", redirect: "manual",
                 headers: { "X-CSRFToken": token ? token.value : "" } })
      .then(function (answer) {
        if (answer.ok) seen(true);
        else if (box.open) leave();
      })
      .catch(function () {
        say("offline", "The server cannot be reached. What you typed is still on this page. Check the connection and try again.");
      })
      .then(function () { busy = false; });
  }

  function leave() {
    clearInterval(ticking);
    document.documentElement.classList.add("is-blank");
    window.location.replace(window.location.pathname + window.location.search);
  }

  function tick() {
    var left = endsAt - Date.now();
    if (left <= 0) { leave(); return; }
    if (left > warnBefore) return;
    if (!box.open) {
      document.dispatchEvent(new Event("draft:save"));
      box.showModal();
      say("first", first);
    }
    if (left <= 30000) say("last", "In 30 seconds this page closes. Choose “Stay signed in” to go on; what you typed stays.");
  }

  /* Somebody who types is there: the server is told at most once in a quarter of the idle time. */
  document.addEventListener("input", function () {
    if (!box.open && Date.now() - lastSent > idle / 4) extend();
  });
  box.addEventListener("cancel", function (event) { event.preventDefault(); extend(); });
  box.querySelector("[data-timeout-stay]").addEventListener("click", extend);
  document.addEventListener("session:seen", function () { seen(true); });
  if (tabs) tabs.onmessage = function () { seen(false); };
  document.addEventListener("visibilitychange", function () { if (!document.hidden) tick(); });
  seen(true);
  ticking = setInterval(tick, 1000);
})();
