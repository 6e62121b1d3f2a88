// The first view: what somebody new likes, and what follows from it.

import { announce, byId, make, number, starGroup, title } from "./elements.js";
import { line, similarButton } from "./lists.js";
import { startSearch } from "./search.js";
import { find, item, recommend } from "./service.js";

const delay = 150;

/** Starts the view; `changed` is told the fragment whenever ratings change. */
export function startTaste(model, changed) {
  // By id, the newest first in the list: { entry, stars, element, focus }; no stars while it has only been chosen.
  const rated = new Map();
  const list = byId("list");
  const length = Math.min(12, model.list_limit);
  let timer = 0;
  let running = null;

  const given = () => [...rated.values()].filter((one) => one.stars > 0);
  const fragment = () => {
    const parts = given().map((one) => `${encodeURIComponent(one.entry.item)}:${one.stars}`);
    return parts.length ? `#rate=${parts.join(",")}` : "#rate";
  };

  function heading(text, hint) {
    byId("list-heading").textContent = text;
    byId("list-hint").textContent = hint;
  }

  function refresh() {
    byId("rated-empty").hidden = rated.size > 0;
    byId("clear").hidden = rated.size === 0;
    changed(fragment());
    clearTimeout(timer);
    timer = setTimeout(update, delay);
  }

  async function update() {
    running?.abort();
    running = new AbortController();
    const signal = running.signal;
    const ratings = given().map((one) => ({ item: one.entry.item, rating: model.stars[one.stars - 1] }));
    const told = fragment();
    list.setAttribute("aria-busy", "true");
    try {
      if (ratings.length) {
        const { recommendations } = await recommend(ratings, length, 2, signal);
        heading("For you", "What the model expects you to like best, and which of your ratings add most to that.");
        list.replaceChildren(
          ...recommendations.map((entry) => line(entry, model, { rate: add, words: "because you rated", best: recommendations[0].score })));
        announce(recommendations.length
          ? `${recommendations.length} recommendations; the first is ${title(recommendations[0])}`
          : "Nothing is left to recommend");
        if (!recommendations.length) byId("list-hint").textContent = "You have rated all there is.";
      } else {
        const { items } = await find("", length, signal);
        const counts = items.some((entry) => entry.ratings > 0);
        heading("A place to start", counts ? "What has been rated most." : "A few of all.");
        list.replaceChildren(...items.map((entry) => line(entry, model, { rate: add })));
      }
      byId("list-error").textContent = "";
    } catch (error) {
      if (error.name === "AbortError") return;
      byId("list-error").textContent = error.message;
      list.replaceChildren();
    }
    list.removeAttribute("aria-busy");
    // Which ratings it is the answer to, for whoever waits for it.
    list.dataset.answers = told;
  }

  /** Puts an item among the rated ones. */
  function place(entry, stars) {
    const value = make("span", { className: "value" }, stars ? number(model.stars[stars - 1]) : "not rated yet");
    const one = { entry, stars };
    const { group, focus } = starGroup(`Rating of ${title(entry)}`, model.stars, stars, (chosen) => {
      one.stars = chosen;
      value.textContent = number(model.stars[chosen - 1]);
      refresh();
    }, () => byId("search").focus());
    const remove = make("button", {
      className: "remove", "aria-label": `Remove ${title(entry)}`,
      onclick: () => {
        rated.delete(entry.item);
        one.element.remove();
        byId("search").focus();
        refresh();
      },
    }, "×");
    const { button, panel } = similarButton(entry, model, add);
    one.focus = focus;
    one.element = make("li", {},
      make("span", { className: "title", title: entry.item }, title(entry)), remove, group,
      make("span", { className: "value-and-more" }, value, button), panel);
    rated.set(entry.item, one);
    byId("rated").prepend(one.element);
  }

  function add(entry) {
    if (!rated.has(entry.item)) {
      place(entry, 0);
      refresh();
    }
    rated.get(entry.item).focus();
  }

  byId("clear").addEventListener("click", () => {
    rated.clear();
    byId("rated").replaceChildren();
    byId("search").focus();
    refresh();
  });
  startSearch(model, add);

  return {
    fragment,
    /** Takes up what a fragment says, unless it is so already. */
    async show(text) {
      if (`#rate${text ? `=${text}` : ""}` === fragment() && list.children.length) return;
      rated.clear();
      byId("rated").replaceChildren();
      const parts = text.split(",").map((part) => part.split(":")).filter((part) => part.length === 2);
      const known = await Promise.all(parts.map(async ([id, stars]) => {
        try {
          return [await item(decodeURIComponent(id)), Number(stars)];
        } catch (error) {
          // What another model knew is left out.
          if (error.status === 404 || error instanceof URIError) return null;
          throw error;
        }
      }));
      for (const [entry, stars] of known.filter((one) => one)) {
        const isWhole = Number.isInteger(stars) && stars > 0;
        if (!rated.has(entry.item)) place(entry, isWhole ? Math.min(stars, model.stars.length) : 0);
      }
      refresh();
    },
  };
}
