/* Says on the page when a passkey or key could not be used; allauth's own scripts only tell the console. */
(function () {
  "use strict";
  document.addEventListener("allauth.error", function (event) {
    var box = document.querySelector("[data-passkey-problem]");
    if (!box) return;
    event.preventDefault();
    var name = event.detail && event.detail.exception ? event.detail.exception.name : "";
    var words = box.querySelector("[data-passkey-words]");
    if (name === "InvalidStateError") words.textContent = "This passkey or key is set up already.";
    else if (name === "NotAllowedError") words.textContent = "The passkey or key was not used in time, or it was cancelled. Try again, or go another way.";
    else if (name === "SecurityError") words.textContent = "This address cannot use passkeys. Tell your agency’s security officer.";
    box.hidden = false;
  });
})();
