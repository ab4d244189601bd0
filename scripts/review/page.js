const bar = document.getElementById("bar");
const boxes = [...bar.querySelectorAll("input[type=checkbox]")];
const search = bar.querySelector("input[type=search]");
const cards = [...document.querySelectorAll("article")];
const texts = new Map(cards.map(card => [card, card.textContent.toLowerCase()]));

function apply() {
  const chosen = name => new Set(boxes.filter(box => box.name === name && box.checked).map(box => box.value));
  const verdicts = chosen("verdict"), apis = chosen("api"), wanted = search.value.trim().toLowerCase();
  let shown = 0;
  for (const card of cards) {
    const seen = verdicts.has(card.dataset.verdict) && apis.has(card.dataset.api) && texts.get(card).includes(wanted);
    card.hidden = !seen;
    shown += seen;
  }
  for (const section of document.querySelectorAll("section[data-verdict]"))
    section.hidden = !section.querySelector("article:not([hidden])");
  document.getElementById("shown").textContent = `${shown} of ${cards.length} shown`;
  document.getElementById("nothing").hidden = shown > 0;
}
for (const box of boxes) box.addEventListener("change", apply);
search.addEventListener("input", apply);

document.addEventListener("keydown", event => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.target === search) return;
  if (event.key === "/") { event.preventDefault(); search.focus(); return; }
  if (event.key !== "j" && event.key !== "k") return;
  const seen = cards.filter(card => !card.hidden);
  if (!seen.length) return;
  const now = seen.indexOf(document.activeElement.closest("article"));
  const next = seen[event.key === "j" ? Math.min(now + 1, seen.length - 1) : Math.max(now - 1, 0)];
  next.focus({ preventScroll: true });
  next.scrollIntoView({ block: "start" });
});

const opened = [];
addEventListener("beforeprint", () => {
  for (const each of document.querySelectorAll("details:not([open])")) { each.open = true; opened.push(each); }
});
addEventListener("afterprint", () => { for (const each of opened.splice(0)) each.open = false; });

bar.hidden = false;
apply();
