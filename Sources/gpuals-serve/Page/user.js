// The second view: what a user of the model has rated, beside what is recommended.

import { announce, byId, count, make } from "./elements.js";
import { line } from "./lists.js";
import { userRatings, userRecommendations } from "./service.js";

/** Starts the view. */
export function startUser(model) {
  const length = Math.min(12, model.list_limit);
  let historyLength = length;
  let shown = "";
  let running = null;

  byId("user-form").addEventListener("submit", (event) => {
    event.preventDefault();
    const id = byId("user-id").value.trim();
    // The same again is another try.
    if (id === shown) load(id);
    else location.hash = `user=${encodeURIComponent(id)}`;
  });
  byId("history-more").addEventListener("click", () => {
    historyLength = Math.min(model.list_limit, historyLength * 4);
    load(shown);
  });
  if (model.example_users.length) {
    byId("user-examples").append("For example ");
    model.example_users.forEach((id, place) => {
      if (place) byId("user-examples").append(", ");
      byId("user-examples").append(make("a", { href: `#user=${encodeURIComponent(id)}` }, id));
    });
  }

  function showHistory(history) {
    const hint = byId("history-hint");
    const more = byId("history-more");
    more.hidden = true;
    if (!history) {
      hint.textContent = "The model keeps no ratings, so that there are none to show.";
      return byId("history").replaceChildren();
    }
    const { count: all, ratings } = history;
    more.hidden = ratings.length === all || historyLength >= model.list_limit;
    hint.textContent = !all ? "Nothing."
      : ratings.length < all ? `The highest ${ratings.length} of ${count(all, "rating")}.` : `${count(all, "rating")}, the highest first.`;
    byId("history").replaceChildren(...ratings.map((entry) => line(entry, model)));
  }

  async function load(id) {
    running?.abort();
    running = new AbortController();
    const signal = running.signal;
    const lists = byId("user-lists");
    lists.setAttribute("aria-busy", "true");
    try {
      const [history, { recommendations }] = await Promise.all([
        model.keeps_ratings ? userRatings(id, historyLength, signal) : null,
        userRecommendations(id, length, model.keeps_ratings ? 2 : 0, signal),
      ]);
      byId("history-heading").textContent = `Rated by user ${id}`;
      showHistory(history);
      byId("user-list-hint").textContent = !recommendations.length ? "Nothing is left to recommend."
        : model.keeps_ratings ? "What the model expects them to like best, and which ratings add most to that."
        : "What the model expects them to like best; what they have rated may be among it.";
      byId("user-list").replaceChildren(
        ...recommendations.map((entry) => line(entry, model, { words: "because of", best: recommendations[0].score })));
      byId("user-error").textContent = "";
      lists.hidden = false;
      announce(`${count(recommendations.length, "recommendation")} for user ${id}`);
    } catch (error) {
      if (error.name === "AbortError") return;
      lists.hidden = true;
      byId("user-error").textContent =
        error.status === 404 ? `The model knows no user “${id}”.` : error.message;
    }
    lists.removeAttribute("aria-busy");
  }

  return {
    fragment: () => (shown ? `#user=${encodeURIComponent(shown)}` : "#user"),
    /** Shows the user of a fragment. */
    show(text) {
      let id = text;
      try {
        id = decodeURIComponent(text);
      } catch {
        // A percent sign that stands for itself.
      }
      byId("user-id").value = id;
      if (id && id !== shown) {
        shown = id;
        historyLength = length;
        load(id);
      } else if (!id) {
        shown = "";
        byId("user-lists").hidden = true;
        byId("user-error").textContent = "";
      }
    },
  };
}
