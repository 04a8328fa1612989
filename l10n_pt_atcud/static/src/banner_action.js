import { ActionableErrors } from "@account/components/actionable_errors/actionable_errors";
import { patch } from "@web/core/utils/patch";

// Odoo drops what the method returns; here it may be a dialog.
patch(ActionableErrors.prototype, {
    async handleOnClick(errorData) {
        const [model, method, ids] = errorData.action_call || [];
        if (!model?.startsWith("l10n_pt_atcud.")) {
            return super.handleOnClick(...arguments);
        }
        const next = await this.orm.call(model, method, [ids]);
        const reload = () => this.env.model.action.doAction("soft_reload");
        if (next?.type) {
            return this.env.model.action.doAction(next, { onClose: reload });
        }
        return reload();
    },
});
