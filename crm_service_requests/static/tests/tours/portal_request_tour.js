import { registry } from "@web/core/registry";

/** Choose a file as a person does. */
function chooseFile(name, content) {
    return function () {
        const files = new DataTransfer();
        files.items.add(new File([content], name));
        const input = document.querySelector("#field_files");
        input.files = files.files;
        input.dispatchEvent(new Event("change", { bubbles: true }));
    };
}

registry.category("web_tour.tours").add("crm_service_requests_portal", {
    url: "/my",
    steps: () => [
        {
            content: "Requests are there before the first one is made",
            trigger: ".o_portal_index_card a[href='/my/requests']",
            run: "click",
            expectUnloadPage: true,
        },
        {
            trigger: "#wrap:contains(There is no pending request)",
        },
        {
            trigger: "a[href='/requests/new']",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "What is needed is chosen",
            trigger: ".o_crm_request_types a:contains(Somebody is to come)",
            run: "click",
            expectUnloadPage: true,
        },
        {
            trigger: "#field_subject",
            run: "edit The saw jams",
        },
        {
            trigger: "#field_text",
            run: "edit Please send somebody.",
        },
        {
            content: "The type's own fields",
            trigger: "#field_property_machine",
            run: "edit Table saw",
        },
        {
            trigger: "select#field_property_place",
            run: "selectByLabel At our site",
        },
        {
            content: "A program is refused at once",
            trigger: "#field_files",
            run: chooseFile("setup.exe", "MZ"),
        },
        {
            trigger: ".o_crm_request_files_error:contains(setup.exe)",
        },
        {
            trigger: ".o_crm_request_form button[type=submit]:disabled",
        },
        {
            content: "A text is taken",
            trigger: "#field_files",
            run: chooseFile("noise.txt", "It rattles."),
        },
        {
            trigger: ".o_crm_request_form button[type=submit]:enabled",
            run: "click",
            expectUnloadPage: true,
        },
        {
            trigger: ".o_crm_request_thanks:contains(SRV/)",
        },
        {
            trigger: ".o_crm_request_thanks a:contains(See the Request)",
            run: "click",
            expectUnloadPage: true,
        },
        {
            trigger: ".o_crm_request_details:contains(Table saw):contains(At our site)",
        },
        {
            trigger: ".o_crm_request_files:contains(noise.txt)",
        },
        {
            content: "An answer in the conversation",
            trigger: "#chatterRoot:shadow .o-mail-Composer-input",
            run: "edit It is urgent.",
        },
        {
            trigger: "#chatterRoot:shadow .o-mail-Composer-send:enabled",
            run: "click",
        },
        {
            trigger: "#chatterRoot:shadow .o-mail-Message-body:contains(It is urgent.)",
        },
        {
            content: "It has solved itself",
            trigger: ".o_crm_request_close summary",
            run: "click",
        },
        {
            trigger: "#close_text",
            run: "edit It was the belt.",
        },
        {
            trigger: ".o_crm_request_close button[type=submit]",
            run: "click",
            expectUnloadPage: true,
        },
        {
            trigger: ".o_crm_request_done:contains(the request is closed)",
        },
        {
            trigger: "#chatterRoot:shadow .o-mail-Message-body:contains(It was the belt.)",
        },
        {
            content: "And how was it?",
            trigger: ".o_crm_request_rate button[value='5']",
            run: "click",
            expectUnloadPage: true,
        },
        {
            trigger: "textarea[name=feedback]",
            run: "edit Quick and friendly",
        },
        {
            trigger: "button:contains(Send Feedback)",
            run: "click",
            expectUnloadPage: true,
        },
        {
            trigger: ".o_rating_page_thank_you",
        },
    ],
});
