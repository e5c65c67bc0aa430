/* Keeps a form's draft on the server: form[data-draft-url] is POSTed three seconds after the last key, at least every ten
   seconds while somebody types, when an answer is left, and when the page closes. Files and passwords are never sent.
   The server answers {"saved_at": "2026-11-18T00:12:00+00:00"}; 409 means the draft was changed elsewhere; other refusals are said and tried again.
   Says how it went in the form's [data-draft-status]. Without scripts the form simply sends when its button is pressed. */
(function () {
  "use strict";
  var TICK = '<svg class="shape" width="18" height="18" viewBox="0 0 20 20" aria-hidden="true" focusable="false">' +
    '<path class="k-green-line" d="M3 10.5 8 15.5 17.5 5" fill="none" stroke="#216e1f" stroke-width="3"/></svg>';

  function clock(moment) {
    return moment.toLocaleTimeString("en-US", { hour: "numeric", minute: "2-digit" }).replace("AM", "a.m.").replace("PM", "p.m.");
  }

  function keep(form) {
    var status = form.querySelector("[data-draft-status]");
    var dirty = false, sending = false, stopped = false, pause = null, latest = null;

    function say(text, failed) {
      if (!status) return;
      status.classList.toggle("is-failed", Boolean(failed));
      status.innerHTML = failed ? "" : TICK + " ";
      status.appendChild(document.createTextNode(text));
    }

    function answers() {
      var data = new FormData(form);
      form.querySelectorAll("input[type=file], input[type=password]").forEach(function (input) { data.delete(input.name); });
      return data;
    }

    function save(closing) {
      clearTimeout(pause); clearTimeout(latest);
      pause = latest = null;
      if (!dirty || stopped || (sending && !closing)) return;
      dirty = false;
      sending = true;
      fetch(form.dataset.draftUrl, { method: "POST", body: answers(), credentials: "same-origin", redirect: "manual",
                                     keepalive: Boolean(closing), headers: { Accept: "application/json" } })
        .then(function (answer) {
          if (answer.status === 409) {
            stopped = true;
            say("This draft was changed in another window. Copy what you need, then load the page again.", true);
            return null;
          }
          if (!answer.ok) throw new Error("refused");
          /* A save the warning itself asked for is no sign that somebody is there. */
          if (!closing) document.dispatchEvent(new Event("session:seen"));
          return answer.text().then(function (text) {
            var saved;
            try { saved = new Date(JSON.parse(text).saved_at); } catch (error) { saved = new Date(); }
            say("Draft saved " + clock(isNaN(saved) ? new Date() : saved));
          });
        })
        .catch(function () {
          dirty = true;
          say("The draft is not saved yet. Trying again; what you typed is still here.", true);
          pause = setTimeout(save, 10000);
        })
        .then(function () { sending = false; if (dirty && !pause) wait(); });
    }

    function wait() {
      clearTimeout(pause);
      pause = setTimeout(save, 3000);
      if (!latest) latest = setTimeout(save, 10000);
    }

    form.addEventListener("input", function () { dirty = true; wait(); });
    form.addEventListener("change", function () { save(); });
    form.addEventListener("focusout", function () { save(); });
    form.addEventListener("submit", function () { stopped = true; clearTimeout(pause); clearTimeout(latest); });
    document.addEventListener("draft:save", function () { save(true); });
    window.addEventListener("pagehide", function () { save(true); });
  }

  if (window.fetch && window.FormData) document.querySelectorAll("form[data-draft-url]").forEach(keep);
})();
