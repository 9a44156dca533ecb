// Follows the files: shows the page again when the course was read again, and keeps the place.
"use strict";

(function () {
  const root = document.documentElement;
  const framed = window.top !== window;
  let stream = null;

  // In a window of set width a page stands as its readers see it, without what surrounds it here.
  root.classList.toggle("framed", framed);

  // A browser allows few open streams to one server: only a page that is looked at holds one.
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
      if (event.data !== root.dataset.edition) {
        (document.querySelector("main iframe") ? takeOver : reload)();
      }
    };
  }

  function reload() {
    location.reload();
  }

  // Windows follow by themselves; loading the page around them, or a PDF that is the same, loses the place.
  function takeOver() {
    fetch(location.href)
      .then((answer) => answer.text())
      .then(function (text) {
        const page = new DOMParser().parseFromString(text, "text/html");
        document.title = page.title;
        root.dataset.edition = page.documentElement.dataset.edition;
        document.querySelector(".problems-place").replaceWith(page.querySelector(".problems-place"));
        keepOpen();
        showPdf(page.querySelector(".printed__pdf"));
      });
  }

  function showPdf(newer) {
    const shown = document.querySelector(".printed__pdf");
    if (shown && newer && shown.getAttribute("src") !== newer.getAttribute("src")) {
      shown.replaceWith(document.importNode(newer, true));
    }
  }

  // A list of problems that was opened or closed stays so.
  function keepOpen() {
    const details = document.querySelector(".problems details");
    if (!details) {
      return;
    }
    const kept = sessionStorage.getItem(details.dataset.keep);
    if (kept !== null) {
      details.open = kept === "open";
    }
    details.addEventListener("toggle", function () {
      sessionStorage.setItem(details.dataset.keep, details.open ? "open" : "closed");
    });
  }

  // Wherever one window goes, the other one and the addresses around them go, too.
  function followWindow(frame) {
    const place = frame.contentWindow.location;
    const address = place.pathname + place.search;
    const inner = address.replace(/^\/[a-z]+\//, "");
    for (const other of document.querySelectorAll(".window iframe")) {
      const there = other.contentWindow.location;
      if (there.href !== "about:blank" && there.pathname + there.search !== address) {
        there.replace(address);
      }
    }
    for (const link of document.querySelectorAll("[data-view]")) {
      link.href = link.dataset.view + inner;
      if (link.ariaCurrent) {
        history.replaceState(null, "", link.href);
      }
    }
  }

  // A window that is wider than what there is for it is shown smaller, never narrower.
  function fit(frame) {
    const room = frame.parentElement.clientWidth;
    const scale = Math.min(1, room / frame.offsetWidth);
    frame.style.transform = "scale(" + scale + ")";
    frame.style.height = frame.parentElement.clientHeight / scale + "px";
  }

  function start() {
    keepOpen();
    for (const frame of document.querySelectorAll(".window iframe")) {
      frame.addEventListener("load", () => followWindow(frame));
      new ResizeObserver(() => fit(frame)).observe(frame.parentElement);
    }
    document.addEventListener("visibilitychange", follow);
    follow();
  }

  document.addEventListener("DOMContentLoaded", start);
})();
