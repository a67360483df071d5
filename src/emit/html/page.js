// Filters. Without this the page shows everything; nothing is fetched or stored.
(() => {
  "use strict";
  const form = document.getElementById("filters");
  const shown = document.getElementById("shown");
  const none = document.getElementById("none");
  const findings = Array.from(document.querySelectorAll(".f"));
  const holders = Array.from(document.querySelectorAll(".el, .block"));
  const chips = Array.from(form.querySelectorAll(".chip"));
  const picks = Array.from(form.querySelectorAll("select"));
  const words = document.getElementById("words");
  const held = new Map(holders.map((holder) => [holder, Array.from(holder.querySelectorAll(".f"))]));
  const texts = new Map();

  const text = (finding) => {
    let known = texts.get(finding);
    if (known === undefined) {
      const element = finding.closest(".el").querySelector("header").textContent;
      known = (element + " " + finding.textContent).toLowerCase();
      texts.set(finding, known);
    }
    return known;
  };

  const wanted = () => {
    const sets = {};
    for (const chip of chips) {
      if (chip.getAttribute("aria-pressed") === "true") {
        (sets[chip.dataset.by] ??= new Set()).add(chip.dataset.value);
      }
    }
    for (const pick of picks) {
      if (pick.value !== "") sets[pick.dataset.by] = new Set([pick.value]);
    }
    return Object.entries(sets);
  };

  const apply = () => {
    const sets = wanted();
    const search = words.value.trim().toLowerCase().split(/\s+/).filter(Boolean);
    let count = 0;
    for (const finding of findings) {
      const fits =
        sets.every(([by, set]) => set.has(finding.dataset[by])) &&
        (search.length === 0 || search.every((word) => text(finding).includes(word)));
      if (finding.hidden === fits) finding.hidden = !fits;
      if (fits) count += 1;
    }
    for (const [holder, inside] of held) {
      const visible = inside.some((finding) => !finding.hidden);
      if (holder.hidden === visible) holder.hidden = !visible;
    }
    shown.textContent = "Showing " + count + " of " + findings.length + " findings";
    none.hidden = count > 0 || findings.length === 0;
  };

  const press = (chip, on) => chip.setAttribute("aria-pressed", String(on));
  for (const chip of chips) {
    chip.addEventListener("click", () => {
      press(chip, chip.getAttribute("aria-pressed") !== "true");
      apply();
    });
  }
  for (const pick of picks) pick.addEventListener("change", apply);
  let timer = 0;
  words.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(apply, 80);
  });
  form.addEventListener("submit", (event) => event.preventDefault());
  document.getElementById("reset").addEventListener("click", () => {
    for (const chip of chips) press(chip, false);
    for (const pick of picks) pick.value = "";
    words.value = "";
    apply();
  });
  const fold = document.getElementById("fold");
  fold.addEventListener("click", () => {
    const open = fold.getAttribute("aria-pressed") !== "true";
    press(fold, open);
    for (const finding of findings) if (!finding.hidden) finding.open = open;
  });

  // A link to a rule opens it.
  const unfold = () => {
    const id = decodeURIComponent(location.hash.slice(1));
    const target = id === "" ? null : document.getElementById(id);
    if (target instanceof HTMLDetailsElement) target.open = true;
  };
  addEventListener("hashchange", unfold);
  unfold();

  form.hidden = false;
  apply();
})();
