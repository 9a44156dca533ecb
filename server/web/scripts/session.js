// Warns before the session ends, without taking the focus, and extends it. The server measures the time:
// this machine's clock may be wrong, it may have slept, and another tab may have been at work.
"use strict";

(function () {
  var ASK_AGAIN = 15;
  var notice = document.getElementById("session-notice");
  var message = notice.querySelector("[role=alert]");
  var form = notice.querySelector("form");
  var close = notice.querySelector("button[type=button]");
  var waiting = null;
  var before = null;
  var shown = "";
  var closed = "";

  // `kind` of what is said: "warning", "extended" or "ended". What was closed is not said again.
  function say(text, kind, isExtendable) {
    if (text === closed) {
      return;
    }
    shown = kind;
    notice.hidden = false;
    form.hidden = !isExtendable;
    close.hidden = isExtendable;
    if (message.textContent !== text) {
      message.textContent = text;
    }
  }

  function hide() {
    var had = notice.contains(document.activeElement);
    shown = message.textContent = "";
    notice.hidden = true;
    if (had) {
      giveBackFocus(null);
    }
  }

  function giveBackFocus(otherwise) {
    var target = before && before.isConnected ? before : otherwise;
    if (target) {
      target.focus();
    }
  }

  function askIn(seconds) {
    clearTimeout(waiting);
    waiting = setTimeout(ask, seconds * 1000);
  }

  // What the server says of the time, or null when nobody is signed in any more.
  function answered(response) {
    if (response.ok) {
      return response.json();
    }
    if (response.type === "opaqueredirect") {
      return null;
    }
    throw new Error(String(response.status));
  }

  function ended() {
    clearTimeout(waiting);
    say(notice.dataset.ended, "ended", false);
  }

  function tell(time) {
    if (!time) {
      ended();
    } else if (time.until_warning > 0) {
      if (shown !== "extended") {
        hide();
      }
      askIn(time.until_warning);
    } else {
      say(time.message, "warning", time.is_extendable);
      askIn(Math.min(time.left + 1, ASK_AGAIN));
    }
  }

  function ask() {
    fetch(notice.dataset.url, { credentials: "same-origin", redirect: "manual" })
      .then(answered)
      .then(tell)
      .catch(function () {
        askIn(ASK_AGAIN);
      });
  }

  function tellExtended(time) {
    if (!time) {
      ended();
      return;
    }
    say(time.message, "extended", false);
    giveBackFocus(close);
    askIn(time.until_warning || ASK_AGAIN);
  }

  function extend(event) {
    event.preventDefault();
    fetch(form.action, {
      method: "POST",
      body: new FormData(form),
      credentials: "same-origin",
      redirect: "manual"
    })
      .then(answered)
      .then(tellExtended)
      .catch(function () {
        say(notice.dataset.failed, "warning", true);
      });
  }

  notice.addEventListener("focusin", function (event) {
    if (event.relatedTarget && !notice.contains(event.relatedTarget)) {
      before = event.relatedTarget;
    }
  });
  form.addEventListener("submit", extend);
  close.addEventListener("click", function () {
    closed = message.textContent;
    hide();
  });
  document.addEventListener("visibilitychange", function () {
    if (document.visibilityState === "visible") {
      ask();
    }
  });
  askIn(Number(notice.dataset.untilWarning));
})();
