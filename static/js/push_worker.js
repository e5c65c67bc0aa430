/* Shows a notice that came from the house: its two fixed sentences, nothing else is known here. Registered from the account page
   for its own folder only, so it controls no page and sees no request. Pressed, it opens the sign-in; it keeps nothing. */
(function () {
  "use strict";

  self.addEventListener("push", function (event) {
    var said = {};
    try { said = event.data ? event.data.json() : {}; } catch (broken) { said = {}; }
    event.waitUntil(self.registration.showNotification(said.title || "Something needs you", {
      body: said.body || "Sign in to see it.",
      tag: said.tag || "care-coordination",
      requireInteraction: true,
    }));
  });

  self.addEventListener("notificationclick", function (event) {
    event.notification.close();
    event.waitUntil(self.clients.openWindow("/"));
  });
})();
