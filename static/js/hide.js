/* Hide screen: the button, or Shift pressed three times within two seconds. The page is blank at once; then the button's own
   form is sent, and the server locks the session. Without scripts the button is an ordinary form. */
(function () {
  "use strict";
  var form = document.querySelector("form.hidef");
  if (!form) return;
  var presses = [];

  function blank() {
    document.documentElement.classList.add("is-blank");
    document.title = "Screen hidden";
  }

  form.addEventListener("submit", function () {
    document.dispatchEvent(new Event("draft:save"));
    blank();
  });

  document.addEventListener("keydown", function (event) {
    if (event.key !== "Shift") { presses = []; return; }
    if (event.repeat) return;
    var now = Date.now();
    presses = presses.filter(function (at) { return now - at < 2000; });
    presses.push(now);
    if (presses.length === 3) {
      presses = [];
      form.requestSubmit();
    }
  });

  /* A page brought back by the Back button may show what the session no longer opens. */
  window.addEventListener("pageshow", function (event) {
    if (event.persisted) { blank(); window.location.reload(); }
  });
})();
