"""What the engine's CloudFormation forgets.

An update of a nested stack passes over what did not change, and loses its attributes on the way, so that `GetAtt` of it
fails: they are in the stack's own record. And a stack deletes its tables and user pools past their protection against
deletion, which DynamoDB and Cognito refuse. A generated secret has punctuation where the template excludes it: one that
began with a brace would be read as a ring of keys.
"""

import string


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
    protect(provisioners)
    provisioners._sm_secret_string = without_punctuation(provisioners._sm_secret_string)


def without_punctuation(generate):
    def secret(props):
        asked = props.get("GenerateSecretString") or {}
        if asked.get("ExcludePunctuation") in (True, "true"):
            props = props | {"GenerateSecretString": asked | {"ExcludeCharacters": asked.get("ExcludeCharacters", "") + string.punctuation}}
        return generate(props)
    return secret


def protect(provisioners):
    from ministack.services import cognito, dynamodb

    flags = {"AWS::DynamoDB::Table": lambda name: dynamodb._tables.get(name, {}).get("DeletionProtectionEnabled"),
             "AWS::Cognito::UserPool": lambda name: cognito._user_pools.get(name, {}).get("DeletionProtection") == "ACTIVE"}
    for kind, flag in flags.items():
        handlers = provisioners._RESOURCE_HANDLERS[kind]
        handlers["delete"] = refusing(kind, flag, handlers["delete"])


def refusing(kind, is_protected, delete):
    def refuse_or_delete(physical_id, *more):
        if is_protected(physical_id):
            raise ValueError(f"{kind} {physical_id} is protected against deletion. To delete it, disable deletion protection.")
        return delete(physical_id, *more)
    return refuse_or_delete
