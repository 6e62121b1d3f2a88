// The search: an editable combobox with a listbox, by the pattern of the WAI-ARIA Authoring Practices.

import { announce, byId, count, make, title } from "./elements.js";
import { find } from "./service.js";

const delay = 120;

/** Looks for what is typed, and hands over what is chosen. */
export function startSearch(model, choose) {
  const input = byId("search");
  const list = byId("found");
  const length = Math.min(8, model.list_limit);
  let entries = [];
  let active = -1;
  let timer = 0;
  let running = null;

  function activate(place) {
    active = place;
    [...list.children].forEach((option, other) => option.setAttribute("aria-selected", String(other === place)));
    const option = list.children[place];
    if (!entries.length || !option) return input.removeAttribute("aria-activedescendant");
    input.setAttribute("aria-activedescendant", option.id);
    option.scrollIntoView({ block: "nearest" });
  }

  function close() {
    clearTimeout(timer);
    running?.abort();
    entries = [];
    list.hidden = true;
    list.replaceChildren();
    input.setAttribute("aria-expanded", "false");
    activate(-1);
  }

  function pick(place) {
    const entry = entries[place];
    if (!entry) return;
    input.value = "";
    close();
    choose(entry);
  }

  function show(found, message) {
    entries = found;
    list.replaceChildren(
      ...found.map((entry, place) =>
        make("li", { id: `found-${place}`, role: "option", onclick: () => pick(place) },
          make("span", {}, title(entry)),
          make("small", {}, [entry.name && entry.item, entry.ratings && count(entry.ratings, "rating")].filter((part) => part).join(" · ")))));
    if (message) list.append(make("li", { role: "option", "aria-disabled": "true" }, message));
    list.hidden = false;
    input.setAttribute("aria-expanded", "true");
    activate(found.length ? 0 : -1);
    announce(message || `${found.length} found`);
  }

  async function look() {
    running?.abort();
    running = new AbortController();
    const query = input.value.trim();
    try {
      const { items } = await find(query, length, running.signal);
      show(items, items.length ? null : `Nothing is called “${query}”`);
    } catch (error) {
      if (error.name !== "AbortError") show([], error.message);
    }
  }

  input.addEventListener("input", () => {
    clearTimeout(timer);
    if (input.value.trim()) timer = setTimeout(look, delay);
    else close();
  });
  input.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    const last = entries.length - 1;
    if (event.key === "ArrowDown" && list.hidden) look();
    else if (event.key === "ArrowDown") activate(active < last ? active + 1 : 0);
    else if (event.key === "ArrowUp") activate(active > 0 ? active - 1 : last);
    else if (event.key === "Enter") pick(active);
    else if (event.key === "Escape" && !list.hidden) close();
    else if (event.key === "Escape") input.value = "";
    else return;
    event.preventDefault();
  });
  // A press on an option must not take the focus from the field before the click comes.
  list.addEventListener("mousedown", (event) => event.preventDefault());
  input.addEventListener("blur", close);
}
