// Puts items in order by buttons. The selects keep the answer, can still be used, and stay in step; without this
// script they are all there is. What has the focus is never moved itself: the items around it are.
"use strict";

(function () {
  function enhance(list) {
    var numbered = false;
    var status = document.getElementById(list.dataset.ordering);

    function rows() {
      return Array.from(list.children);
    }

    function select(row) {
      return row.querySelector("select");
    }

    function isNumbered() {
      return rows().every(function (row, index) {
        return select(row).value === String(index + 1);
      });
    }

    function isEachNumberOnce() {
      var numbers = rows().map(function (row) {
        return select(row).value;
      });
      return numbers.indexOf("") < 0 && new Set(numbers).size === numbers.length;
    }

    // The others go around `row`, so that it keeps its focus.
    function arrange(order, row) {
      var place = order.indexOf(row);
      order.forEach(function (other, index) {
        if (index < place) {
          list.insertBefore(other, row);
        } else if (index > place) {
          list.append(other);
        }
      });
    }

    function place(row, index) {
      var order = rows().filter(function (other) {
        return other !== row;
      });
      order.splice(index, 0, row);
      arrange(order, row);
      rows().forEach(function (each, position) {
        select(each).value = String(position + 1);
      });
      say(row.dataset.moved.replace("{position}", String(index + 1)));
    }

    function sort(row) {
      var order = rows().sort(function (one, other) {
        return Number(select(one).value) - Number(select(other).value);
      });
      arrange(order, row);
    }

    function say(text) {
      status.textContent = text;
    }

    // A button at the end says so instead of going away: the focus would go with it.
    function markEnds() {
      var all = rows();
      all.forEach(function (row, index) {
        mark(row.querySelector("[data-move=up]"), index === 0);
        mark(row.querySelector("[data-move=down]"), index === all.length - 1);
      });
    }

    function mark(button, isAtEnd) {
      button.setAttribute("aria-disabled", String(isAtEnd));
    }

    function press(button) {
      if (button.getAttribute("aria-disabled") === "true") {
        say(button.dataset.atEnd);
        return;
      }
      var row = button.closest("li");
      place(row, rows().indexOf(row) + (button.dataset.move === "up" ? -1 : 1));
      numbered = true;
      markEnds();
      list.dispatchEvent(new Event("change", { bubbles: true }));
    }

    // Numbers that are not complete yet, or that stand twice, are left as they were chosen.
    function choose(row) {
      if (numbered && select(row).value !== "") {
        place(row, Number(select(row).value) - 1);
      } else if (isEachNumberOnce()) {
        sort(row);
      }
      numbered = isNumbered();
      markEnds();
    }

    // With the numbers of a draft, or those that the browser brings back.
    function begin() {
      if (isEachNumberOnce()) {
        sort(list.firstElementChild);
      }
      numbered = isNumbered();
      markEnds();
    }

    list.addEventListener("click", function (event) {
      var button = event.target.closest("[data-move]");
      if (button) {
        press(button);
      }
    });
    list.addEventListener("change", function (event) {
      if (event.target !== list) {
        choose(event.target.closest("li"));
      }
    });
    list.querySelectorAll(".ordering__moves").forEach(function (moves) {
      moves.hidden = false;
    });
    window.addEventListener("pageshow", begin);
    begin();
  }

  // For pages that bring a question later.
  window.Kyozai = window.Kyozai || {};
  window.Kyozai.enhanceOrdering = function (root) {
    root.querySelectorAll("[data-ordering]").forEach(enhance);
  };
  window.Kyozai.enhanceOrdering(document);
})();
