// Makes pages smoother where scripts run; nothing needs this file.
import { initAll as startGovuk } from "./vendor/govuk-frontend.min.js";
import { initAll as startMoj } from "./vendor/moj-frontend.min.js";

document.body.classList.add("js-enabled", "govuk-frontend-supported", "moj-frontend-supported");
startGovuk();
startMoj();
