import { registry } from "@web/core/registry";
import { Interaction } from "@web/public/interaction";

const SHORTEST = 4;

/** Shows, while somebody writes the subject of a request, his own requests that are like it. */
export class RequestSimilar extends Interaction {
    static selector = ".o_crm_request_form:has(.crm_request_similar)";
    dynamicContent = {
        "#field_subject": { "t-on-input": this.debounced(this.onInput, 500) },
    };

    async onInput(ev) {
        const subject = ev.target.value.trim();
        if (subject.length < SHORTEST) {
            return;
        }
        const query = new URLSearchParams({ subject });
        const response = await this.waitFor(fetch(`/my/requests/similar?${query}`));
        const text = await this.waitFor(response.text());
        // What is typed meanwhile asks again.
        if (!response.ok || subject !== ev.target.value.trim()) {
            return;
        }
        const page = new DOMParser().parseFromString(text, "text/html");
        const found = page.querySelector(".crm_request_similar_found");
        if (found) {
            this.el.querySelector(".crm_request_similar").replaceChildren(found);
        }
    }
}

registry.category("public.interactions").add(
    "crm_selfservice_portal.request_similar",
    RequestSimilar
);
