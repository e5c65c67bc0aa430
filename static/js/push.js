/* Turning on notices on this device. The button stands in an ordinary form: the browser is asked for its subscription, the form's
   hidden fields are filled with it, and the form is sent. Without scripts, or in a browser that cannot, the page's words stay. */
(function () {
  "use strict";
  var box = document.querySelector("[data-push-key]");
  if (!box || !("serviceWorker" in navigator) || !("PushManager" in window) || !("Notification" in window)) return;
  var form = box.querySelector("form");
  var words = box.querySelector("[data-push-words]");
  var waiting = false;

  function say(text) { words.textContent = text; words.hidden = !text; }

  function bytes(text) {
    var raw = atob(text.replace(/-/g, "+").replace(/_/g, "/") + "===".slice((text.length + 3) % 4));
    return Uint8Array.from(raw, function (one) { return one.charCodeAt(0); });
  }

  function subscribe(registration) {
    var wanted = { userVisibleOnly: true, applicationServerKey: bytes(box.dataset.pushKey) };
    return registration.pushManager.subscribe(wanted).catch(function (refused) {
      if (refused.name !== "InvalidStateError") throw refused;
      return registration.pushManager.getSubscription().then(function (old) {  /* made under a key of the past */
        return old.unsubscribe();
      }).then(function () { return registration.pushManager.subscribe(wanted); });
    });
  }

  function active(registration) {
    if (registration.active) return registration;
    var worker = registration.installing || registration.waiting;
    return new Promise(function (resolve) {
      worker.addEventListener("statechange", function () { if (worker.state === "activated") resolve(registration); });
    });
  }

  function fill(subscription) {
    var said = subscription.toJSON();
    form.elements["device-endpoint"].value = said.endpoint;
    form.elements["device-p256dh"].value = said.keys.p256dh;
    form.elements["device-auth"].value = said.keys.auth;
    HTMLFormElement.prototype.submit.call(form);
  }

  box.querySelector("[data-push-without]").hidden = true;
  form.hidden = false;
  form.addEventListener("submit", function (event) {
    event.preventDefault();
    if (waiting) return;
    waiting = true;
    say("Your browser asks whether it may show notices.");
    Notification.requestPermission().then(function (answer) {
      if (answer !== "granted") throw new Error("denied");
      return navigator.serviceWorker.register(box.dataset.pushWorker);
    }).then(active).then(subscribe).then(fill).catch(function (refused) {
      waiting = false;
      if (refused && refused.message === "denied") say("Your browser does not allow notices from this site. Allow them in its settings, then try again.");
      else say("Your browser could not turn notices on. Try again later, or use another browser.");
    });
  });
})();
