/* When the time of a file opened in an emergency is over, a page that may show something of it is asked for again, so that
   nothing of it stays on the screen; on any other page the banner goes and what was typed stays.
   From .glass-file: data-ends-in (seconds), data-reads. Without scripts the next page says so. */
(function () {
  "use strict";
  document.querySelectorAll("[data-ends-in]").forEach(function (file) {
    window.setTimeout(function () {
      if ("reads" in file.dataset) window.location.replace(window.location.pathname);
      else {
        file.hidden = true;
        var band = file.closest(".glass");
        band.hidden = !band.querySelector(".glass-file:not([hidden])");
      }
    }, (Number(file.dataset.endsIn) + 1) * 1000);
  });
  // A page brought back from the browser's memory may be of a time when the file was open.
  window.addEventListener("pageshow", function (event) { if (event.persisted) window.location.reload(); });
})();
