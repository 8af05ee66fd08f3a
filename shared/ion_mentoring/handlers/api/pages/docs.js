// Shows the contract that this very server answers by.
"use strict";

window.addEventListener("DOMContentLoaded", () => {
  SwaggerUIBundle({ url: "/openapi.json", dom_id: "#contract", deepLinking: true, validatorUrl: null });
});
