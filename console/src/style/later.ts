/** The styles of what is loaded when it is first used: they go with its script, and nobody waits for them before. */

import parts from "./parts.css";
import sheets from "./sheets.css";
import why from "./why.css";

const sheet = new CSSStyleSheet();
sheet.replaceSync(parts + sheets + why);
document.adoptedStyleSheets.push(sheet);
