import { registry } from "@web/core/registry";

/** Shows the card of whoever is calling the user, with what he may want to open. */
export const callingService = {
    dependencies: ["action", "bus_service", "notification"],
    start(env, { action, bus_service, notification }) {
        bus_service.subscribe("crm_calls.calling", ({ title, lines, buttons }) => {
            const close = notification.add([title, ...lines].join("\n"), {
                type: "info",
                sticky: true,
                className: "o_calling",
                buttons: buttons.map((button, index) => ({
                    name: button.name,
                    primary: index === 0,
                    onClick: async () => {
                        close();
                        await action.doAction(button.action);
                    },
                })),
            });
        });
        bus_service.start();
    },
};

registry.category("services").add("crm_calls.calling", callingService);
