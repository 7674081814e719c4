from odoo.http import Controller, Response, request, route


class HoldController(Controller):

    @route('/crm_calls/release', type='http', auth='user', methods=['POST'])
    def release(self, res_model='', res_id=''):
        """Give back the document whose page the user has just closed.

        A closing page sends this without waiting for an answer, so there is none but the status.
        """
        model = request.env.get(res_model)
        if model is None or 'call_user_id' not in model._fields or not res_id.isdigit():
            return Response(status=404)
        # One's own are found by the rules of the user; what is not there is not held either.
        model.search(
            [('id', '=', int(res_id)), ('call_user_id', '=', request.env.uid)]
        ).action_release()
        return Response(status=204)
