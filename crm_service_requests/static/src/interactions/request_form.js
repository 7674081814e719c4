import { Interaction } from "@web/public/interaction";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";

const MEGABYTE = 1024 * 1024;

/**
 * The form of a new request: files are looked at before they are sent, and it is sent once.
 */
export class RequestForm extends Interaction {
    static selector = ".o_crm_request_form";
    dynamicContent = {
        _root: { "t-on-submit": this.onSubmit },
        // Who comes back by the browser's history may send it again.
        _window: { "t-on-pageshow": () => (this.isSent = false) },
        "input[type=file]": { "t-on-change": () => {} },
        "button[type=submit]": { "t-att-disabled": () => this.isSent || Boolean(this.complaint) },
        ".o_crm_request_files_error": { "t-out": () => this.complaint },
    };

    setup() {
        this.isSent = false;
    }

    /** What is wrong with the files that were chosen. */
    get complaint() {
        const { maxFiles, maxSize, maxTotal, endings } = this.el.dataset;
        const files = [...this.el.querySelector("input[type=file]").files];
        if (files.length > maxFiles) {
            return _t("Please send no more than %s files.", maxFiles);
        }
        const taken = endings.split(",");
        const stranger = files.find(
            ({ name }) => !taken.some((ending) => name.toLowerCase().endsWith(ending))
        );
        if (stranger) {
            return _t("%s: files of this sort are not taken.", stranger.name);
        }
        const total = files.reduce((sum, { size }) => sum + size, 0);
        if (total > maxTotal || files.some(({ size }) => size > maxSize)) {
            return _t(
                "Files may have %(size)s MB each, and %(total)s MB together.",
                { size: maxSize / MEGABYTE, total: maxTotal / MEGABYTE }
            );
        }
        return "";
    }

    onSubmit(ev) {
        if (this.isSent || this.complaint) {
            ev.preventDefault();
        }
        this.isSent = true;
    }
}

registry.category("public.interactions").add("crm_service_requests.request_form", RequestForm);
