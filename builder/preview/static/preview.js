// Loads the page again when the course was read again.
"use strict";

(function () {
  const shown = document.documentElement.dataset.edition;
  let stream = null;

  // A browser allows few open streams to one server: only the page that is looked at holds one.
  function follow() {
    if (stream) {
      stream.close();
      stream = null;
    }
    if (document.hidden) {
      return;
    }
    stream = new EventSource("/events");
    stream.onmessage = function (event) {
      if (event.data !== shown) {
        location.reload();
      }
    };
  }

  document.addEventListener("visibilitychange", follow);
  follow();
})();
