/* Keeps a region fresh: an element with an id, data-live-url and data-live-seconds is fetched again and its inside replaced by the
   inside of the element with the same id in the answer. An answer without that element means that what was waited for has come:
   the page is then loaded as a whole. It waits while the page is out of sight and asks when
   it comes back, waits while the region holds the focus or a selection, and stops when the session is over. The header X-Background: 1 tells the server
   that nobody pressed anything, so that the session is not prolonged. Without scripts the page is simply as old as its loading. */
(function () {
  "use strict";

  function inUse(region) {
    var selection = window.getSelection();
    return region.contains(document.activeElement) || region.querySelector("details[open]") ||
      (selection && !selection.isCollapsed && region.contains(selection.anchorNode));
  }

  function keep(region) {
    var every = Math.max(5, Number(region.dataset.liveSeconds) || 60) * 1000;
    var asked = Date.now();
    var timer = setInterval(ask, every);
    // Back from another window or a locked telephone: what is shown may be old, so it is not left to the next turn.
    document.addEventListener("visibilitychange", function () {
      if (Date.now() - asked >= 5000) ask();
    });

    function ask() {
      if (!timer || document.hidden || inUse(region)) return;
      asked = Date.now();
      fetch(region.dataset.liveUrl, { credentials: "same-origin", headers: { "X-Background": "1", Accept: "text/html" } })
        .then(function (answer) {
          if (answer.redirected || answer.status === 401 || answer.status === 403 || answer.status === 404) {
            stop();
            return null;
          }
          return answer.ok ? answer.text() : null;
        })
        .then(function (text) {
          if (text === null || inUse(region)) return;
          var fresh = new DOMParser().parseFromString(text, "text/html");
          var found = fresh.getElementById(region.id);
          if (!found) {
            stop();
            window.location.replace(region.dataset.liveUrl);
            return;
          }
          if (found.innerHTML !== region.innerHTML) region.replaceChildren.apply(region, Array.from(found.childNodes));
        })
        .catch(function () { /* the next turn tries again */ });
    }

    function stop() {
      clearInterval(timer);
      timer = null;
    }
  }

  if (window.fetch) document.querySelectorAll("[data-live-url][id]").forEach(keep);
})();
