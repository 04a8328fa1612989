import { ConfirmationDialog } from "@web/core/confirmation_dialog/confirmation_dialog";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { StatusBarField, statusBarField } from "@web/views/fields/statusbar/statusbar_field";

/** The bar of Maventa statuses: a click that skips or undoes a transfer asks first. */
export class MaventaStatusBarField extends StatusBarField {
    setup() {
        super.setup();
        this.orm = useService("orm");
        this.dialog = useService("dialog");
    }

    async selectItem(item) {
        const { record } = this.props;
        if (!(await record.save())) {
            return;
        }
        const call = (method) =>
            this.orm.call("account.move", method, [[record.resId], item.value]);
        const question = await call("action_maventa_status_question");
        if (!question) {
            return super.selectItem(item);
        }
        this.dialog.add(ConfirmationDialog, {
            title: item.label,
            body: question,
            confirmLabel: _t("Set the status"),
            confirm: async () => {
                await call("action_maventa_set_status");
                await record.load();
            },
            cancel: () => {},
        });
    }
}

registry.category("fields").add("maventa_statusbar", {
    ...statusBarField,
    component: MaventaStatusBarField,
});
