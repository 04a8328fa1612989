import { Component } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

const LOOKS = {
    good: { colour: "text-success", icon: "fa-check" },
    bad: { colour: "text-danger", icon: "fa-times" },
    open: { colour: "text-muted", icon: "fa-circle-o" },
};

/** The go-live checklist: each line opens the place where it is put right. */
export class MaventaChecklistField extends Component {
    static template = "account_maventa.Checklist";
    static props = { ...standardFieldProps };

    setup() {
        this.action = useService("action");
    }

    get lines() {
        const lines = this.props.record.data[this.props.name] || [];
        return lines.map((line) => ({ ...line, ...LOOKS[line.level] }));
    }

    open(line) {
        if (line.action) {
            return this.action.doAction(line.action);
        }
        const setting = document.getElementById(line.setting);
        setting?.scrollIntoView({ block: "center" });
        setting?.querySelector("input, select, button")?.focus({ preventScroll: true });
    }
}

registry.category("fields").add("maventa_checklist", {
    component: MaventaChecklistField,
    supportedTypes: ["json"],
});
