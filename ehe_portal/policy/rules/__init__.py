"""Pure decisions of the policy slice."""
