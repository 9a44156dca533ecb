// Keeps a choice that is not confirmed yet on the server, and says so. The form works without it.
"use strict";

(function () {
  var form = document.querySelector("form[data-draft-url]");
  if (!form) {
    return;
  }
  var status = document.getElementById("draft-status");
  var waiting = null;

  function say(text) {
    status.textContent = text;
  }

  function save() {
    fetch(form.dataset.draftUrl, {
      method: "POST",
      body: new FormData(form),
      credentials: "same-origin",
      headers: { "X-Requested-With": "fetch" },
      redirect: "manual"
    })
      .then(function (response) {
        if (!response.ok) {
          throw new Error(String(response.status));
        }
        return response.json();
      })
      .then(function (kept) {
        say(kept.message);
      })
      .catch(function () {
        say(form.dataset.draftFailed);
      });
  }

  form.addEventListener("change", function () {
    clearTimeout(waiting);
    waiting = setTimeout(save, 400);
  });
  form.addEventListener("submit", function () {
    clearTimeout(waiting);
  });
})();
