"""Whom to warn of a number of steps; what is asked for is asked once for all of them."""

# Who is back within so many working hours hears of it himself.
ABSENCE_HOURS = 8


class Audience:
    """The people around some tasks, who of them may see what, and when they are at work."""

    def __init__(self, tasks, levels, now):
        """Look up everybody who may have to be warned.

        :param tasks: tasks of processes
        :param levels: the levels that are raised on them
        :param datetime now: naive, in UTC
        """
        self._env = tasks.env
        self._now = now
        self._ids = {name: of_model.mapped('res_id')
                     for name, of_model in tasks.grouped('res_model').items()}
        self._readable = {}
        groups = levels.group_id | tasks.step_id.group_id
        self._members = {
            group: self._env['res.users'].search(
                [('all_group_ids', 'in', group.id), ('share', '=', False)])
            for group in groups}
        people = tasks.user_id | tasks.process_id.user_id
        people |= people.sale_team_id.user_id
        self.next_work = people.union(*self._members.values())._next_work(now)

    def of(self, task, level):
        """Return whom a level warns of a task.

        Who is missing, or cannot see the document, is stood in for: the responsible by his lead,
        everybody else by the owner of the process.

        :rtype: res.users
        """
        return self._chosen(task, level) or task.process_id.user_id

    def _chosen(self, task, level):
        if level.notify == 'owner':
            return self._env['res.users']
        if level.notify == 'role':
            return self._fit(self._members[level.group_id], task)
        if level.notify == 'responsible' and (people := self._responsible(task)):
            return people
        return self._lead(task)

    def _responsible(self, task):
        """Return who answers for the task, unless he would hear of it too late."""
        step = task.step_id
        if not task.user_id and step.responsible == 'role':
            return self._fit(self._members[step.group_id], task)
        return self._fit(task.user_id, task).filtered(
            lambda user: not self._is_away(user, task))

    def _is_away(self, user, task):
        """Tell whether a day of work and the end of the step pass before he is back."""
        back = self.next_work[user]
        return back > (task.date_late or back) and (
            task._clock().hours(self._now, back) >= ABSENCE_HOURS)

    def _lead(self, task):
        """Return who leads the responsible, if that is somebody else."""
        return self._fit(task.user_id.sale_team_id.user_id - task.user_id, task)

    def _fit(self, people, task):
        return people.filtered(lambda user: (
            user.active and not user.share and task.company_id in user.company_ids
            and task.res_id in self._readable_by(user, task.res_model)))

    def _readable_by(self, user, model_name):
        if (user, model_name) not in self._readable:
            self._readable[user, model_name] = set()
            if model_name in self._env:
                documents = self._env[model_name].with_user(user).with_context(
                    allowed_company_ids=user.company_ids.ids).browse(self._ids[model_name])
                self._readable[user, model_name].update(
                    documents.exists()._filtered_access('read').ids)
        return self._readable[user, model_name]
