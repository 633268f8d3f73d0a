// Opens the evidence of the claim that is pointed at, focused or tapped, and marks its place on the photo.
// Runs once, with the component's element as `element`; its content is replaced with each answer.
const CLOSING_MS = 200; // time to move the pointer from a word to its evidence
const GAP = 6; // px between a word and its evidence
let open = null; // the claim whose evidence shows
let pinned = false; // opened by a click, so that it stays when the pointer leaves
let closing = 0;

const cardOf = (claim) => element.querySelector(`#${claim.getAttribute("aria-controls")}`);
const claimAt = (node) => node?.closest?.(".bv-claim[aria-controls]") ?? null;

function mark(region) {
  const figure = element.querySelector(".bv-place");
  if (!figure) return;
  const shown = figure.querySelector(`img[data-region="${region}"]`) ? region : figure.dataset.chosen;
  figure.dataset.shown = shown;
  for (const button of figure.querySelectorAll("[aria-pressed]"))
    button.setAttribute("aria-pressed", button.dataset.region === shown);
}

function hide() {
  clearTimeout(closing);
  const claim = open;
  open = null;
  pinned = false;
  if (!claim?.isConnected) return;
  claim.setAttribute("aria-expanded", "false");
  cardOf(claim)?.setAttribute("hidden", "");
  mark(null);
}

function show(claim, pin) {
  clearTimeout(closing);
  if (open !== claim) {
    hide();
    open = claim;
    claim.setAttribute("aria-expanded", "true");
    const card = cardOf(claim);
    card.removeAttribute("hidden");
    place(claim, card);
    mark(claim.dataset.region);
  }
  pinned = pinned || pin;
}

// Under the word's last line, and not over the photo beside the words. On a phone the style sheet puts it at the screen's foot instead, and a
// word that it would cover moves up.
function place(claim, card) {
  const line = [...claim.getClientRects()].at(-1);
  if (getComputedStyle(card).position === "fixed") {
    const covered = line.bottom + GAP - card.getBoundingClientRect().top;
    if (covered > 0) window.scrollBy({ top: covered, behavior: "smooth" });
    return;
  }
  const panel = card.closest(".bv-told").getBoundingClientRect();
  const words = claim.closest(".bv-words").getBoundingClientRect();
  const left = Math.max(words.left, Math.min(line.left, words.right - card.offsetWidth));
  card.style.left = `${left - panel.left}px`;
  card.style.top = `${line.bottom - panel.top + GAP}px`;
}

let told = ""; // the description that screen readers were told last
new MutationObserver(() => {
  const said = element.querySelector(".bv-said")?.textContent ?? "";
  if (said && said !== told) window.bvSay?.(said);
  told = said;
}).observe(element, { childList: true, subtree: true });

element.addEventListener("pointerover", (event) => {
  if (event.pointerType !== "mouse") return;
  const claim = claimAt(event.target);
  if (claim) show(claim, false);
  else if (event.target.closest(".bv-evidence")) clearTimeout(closing);
});
element.addEventListener("pointerout", (event) => {
  if (event.pointerType !== "mouse" || !open || pinned || open === document.activeElement) return;
  clearTimeout(closing);
  closing = setTimeout(hide, CLOSING_MS);
});
element.addEventListener("focusin", (event) => {
  const claim = claimAt(event.target);
  if (claim?.matches(":focus-visible")) show(claim, false);
});
element.addEventListener("focusout", (event) => {
  if (open && claimAt(event.target) === open && !pinned && !cardOf(open)?.contains(event.relatedTarget)) hide();
});
// Browsers open no data: address in a page of its own; a blob's they do.
async function openAlone(layers) {
  const shown = layers.closest(".bv-place")?.dataset.shown;
  const picture = layers.querySelector(`img[data-region="${shown}"]`) ?? layers.querySelector("img");
  const page = window.open(); // at once: later it would be taken for a pop-up
  const address = URL.createObjectURL(await (await fetch(picture.src)).blob());
  if (page) page.location = address;
}

element.addEventListener("click", (event) => {
  const claim = claimAt(event.target);
  const choice = event.target.closest(".bv-choice button");
  const layers = event.target.closest(".bv-layers");
  if (claim && claim === open && pinned) hide();
  else if (claim) show(claim, true);
  else if (choice) {
    element.querySelector(".bv-place").dataset.chosen = choice.dataset.region;
    mark(choice.dataset.region);
  } else if (layers && document.fullscreenElement) document.exitFullscreen();
  else if (layers?.requestFullscreen) layers.requestFullscreen();
  else if (layers) openAlone(layers); // telephones that show no part of a page alone
  else if (event.target.closest(".bv-close") || !event.target.closest(".bv-evidence")) hide();
});
element.addEventListener("keydown", (event) => {
  const claim = claimAt(event.target);
  if (!claim || (event.key !== "Enter" && event.key !== " ")) return;
  event.preventDefault(); // the space key would scroll the page
  claim.click();
});
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") hide();
});
document.addEventListener("click", (event) => {
  if (!element.contains(event.target)) hide();
});
