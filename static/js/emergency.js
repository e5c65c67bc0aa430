/* When the time of a file opened in an emergency is over, the page is asked for again, so that nothing of it stays on
   the screen. From .glass-file: data-ends-in, in seconds. Without scripts the next page says so. */
(function () {
  "use strict";
  document.querySelectorAll("[data-ends-in]").forEach(function (file) {
    var seconds = Number(file.dataset.endsIn);
    if (seconds > 0) window.setTimeout(function () { window.location.replace(window.location.pathname); }, (seconds + 1) * 1000);
  });
  // A page brought back from the browser's memory may be of a time when the file was open.
  window.addEventListener("pageshow", function (event) { if (event.persisted) window.location.reload(); });
})();
