"""What nested stacks of the engine forget: an update passes over what did not change, and loses its attributes on the way, so
that `GetAtt` of it fails. They are in the stack's own record."""


def install():
    from ministack.services import cloudformation
    from ministack.services.cloudformation import provisioners

    usual = provisioners._update_resource

    def update(kind, physical_id, before, after, stack_name, logical_id=None, attributes=None):
        if attributes is None:
            known = cloudformation._stacks.get(stack_name, {}).get("_resources", {}).get(logical_id, {})
            attributes = known.get("Attributes")
        return usual(kind, physical_id, before, after, stack_name, logical_id, attributes)

    provisioners._update_resource = update
