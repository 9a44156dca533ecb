// Keeps a choice that is not confirmed yet on the server, and says so. The form works without it.
"use strict";

(function () {
  var form = document.querySelector("form[data-draft-url]");
  if (!form) {
    return;
  }
  var status = document.getElementById("draft-status");
  var waiting = null;
  var isUnsaved = false;

  function say(text) {
    status.textContent = text;
  }

  function send() {
    clearTimeout(waiting);
    isUnsaved = false;
    return fetch(form.dataset.draftUrl, {
      method: "POST",
      body: new URLSearchParams(new FormData(form)),
      credentials: "same-origin",
      headers: { "X-Requested-With": "fetch" },
      keepalive: true,
      redirect: "manual"
    });
  }

  function save() {
    send()
      .then(function (response) {
        if (response.type === "opaqueredirect") {
          say(form.dataset.draftEnded);
          return null;
        }
        if (!response.ok) {
          throw new Error(String(response.status));
        }
        return response.json().then(function (kept) {
          say(kept.message);
        });
      })
      .catch(function () {
        isUnsaved = true;
        say(form.dataset.draftFailed);
      });
  }

  function saveWhatIsUnsaved() {
    if (isUnsaved) {
      save();
    }
  }

  form.addEventListener("change", function () {
    isUnsaved = true;
    clearTimeout(waiting);
    waiting = setTimeout(save, 400);
  });
  form.addEventListener("submit", function (event) {
    if (!navigator.onLine) {
      event.preventDefault();
      say(form.dataset.offline);
      return;
    }
    clearTimeout(waiting);
    isUnsaved = false;
  });
  window.addEventListener("online", saveWhatIsUnsaved);
  window.addEventListener("pagehide", function () {
    if (isUnsaved) {
      send().catch(function () {});
    }
  });
})();
