// Makes pages smoother where scripts run; nothing needs this file.
import { initAll as startGovuk } from "./vendor/govuk-frontend.min.js";
import { initAll as startMoj } from "./vendor/moj-frontend.min.js";
import "./uploads.js";

document.body.classList.add("js-enabled", "govuk-frontend-supported", "moj-frontend-supported");
startGovuk();
startMoj();

// A form that keeps drafts saves itself a few seconds after the last word, and at least every half minute of typing.
const PAUSE = 3_000;
const LONGEST = 30_000;
const TIME = new Intl.DateTimeFormat("en-GB", { hour: "numeric", minute: "2-digit", hour12: true });

for (const form of document.querySelectorAll("form[data-autosave]")) {
  const status = form.querySelector("[data-autosave-status]");
  const address = window.location.pathname.replace(/\/$/, "") + "/" + form.dataset.autosave;
  let timer = 0, since = 0, sent = "", underWay = null, leaving = false, signedOut = false;

  const words = () => new URLSearchParams([...new FormData(form)].filter(([, value]) => typeof value === "string"));
  const say = (text) => { if (status && status.textContent !== text) status.textContent = text; };
  // Which draft it goes on from is not among the words.
  const typed = () => { const said = words(); said.delete("draft"); return said.toString(); };

  const save = async () => {
    window.clearTimeout(timer);
    since = 0;
    if (leaving || underWay) return;
    const said = typed();
    if (said === sent) return;
    let patience = PAUSE;
    underWay = new AbortController();
    const tooLong = window.setTimeout(() => underWay?.abort(), 20_000);
    try {
      const answer = await fetch(address, { method: "POST", body: words(), redirect: "manual", signal: underWay.signal });
      signedOut = answer.type === "opaqueredirect";
      patience = answer.ok ? PAUSE : LONGEST;
      if (signedOut) {
        say("Not saved: you have been signed out. Press a button above and sign in. Your words will be kept.");
      } else if (!answer.ok) {
        say("Not saved just now. Your words are still here: press “Save and finish later” to keep them.");
      } else {
        form.elements.namedItem("draft").value = (await answer.json()).draft;
        sent = said;
        say(`Saved at ${TIME.format(new Date()).replace(" ", "")}`);
      }
    } catch {
      patience = LONGEST;
      if (!leaving) say("Not saved: no connection. Your words are still here, and will be saved when it is back.");
    } finally {
      window.clearTimeout(tooLong);
      underWay = null;
    }
    if (!leaving && !signedOut && typed() !== sent) plan(patience);
  };

  const plan = (patience) => {
    since ||= Date.now();
    window.clearTimeout(timer);
    timer = window.setTimeout(save, Math.max(0, Math.min(patience, since + LONGEST - Date.now())));
  };

  sent = typed();
  form.addEventListener("input", () => plan(PAUSE));
  form.addEventListener("change", () => plan(PAUSE));
  window.addEventListener("online", () => plan(PAUSE));
  form.addEventListener("submit", () => {
    leaving = true;
    window.clearTimeout(timer);
    underWay?.abort();
  });
  // Back from the next page: the form is here again, and so is its keeper.
  window.addEventListener("pageshow", () => { leaving = false; });
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden" && since) save();
  });
}
