import { registry } from "@web/core/registry";

/** Shows what is due on the screen of who has to know it, until he closes it. */
export const warningService = {
    dependencies: ["action", "bus_service", "notification"],
    start(env, { action, bus_service, notification }) {
        bus_service.subscribe("crm_process.warning", ({ lines, button }) => {
            const close = notification.add(lines.join("\n"), {
                type: "warning",
                sticky: true,
                className: "o_process_warning",
                buttons: [
                    {
                        name: button,
                        primary: true,
                        onClick: async () => {
                            close();
                            await action.doAction("crm_process.crm_process_cockpit_action");
                        },
                    },
                ],
            });
        });
        bus_service.start();
    },
};

registry.category("services").add("crm_process.warning", warningService);
