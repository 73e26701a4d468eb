"""Use cases of identity: signing in, the first administrators, accounts, units and people, grants."""

from app.identity.service.accounts import (
    IssueAccount,
    disable_account,
    issue_account,
    put_password,
    refuse_unless_signing_in,
    renew_password,
)
from app.identity.service.bootstrap import OPERATOR, Administrator, FirstAccount, admin_bootstrap
from app.identity.service.changing_password import change_password
from app.identity.service.clearances import (
    GrantClearance,
    RevokeClearance,
    approve_clearance,
    grant_clearance,
    revoke_clearance,
)
from app.identity.service.client_keys import (
    AddClientKey,
    OpenServiceAccount,
    add_client_key,
    open_service_account,
    remove_client_key,
)
from app.identity.service.client_sign_in import sign_in_client
from app.identity.service.contacts import NameContact, name_contact, remove_contact
from app.identity.service.entrance import Entrance, SignedIn, hand_out
from app.identity.service.grants import (
    GrantRole,
    approve_grant,
    grant_role,
    propose_grant,
    refuse_conflict,
    revoke_grant,
)
from app.identity.service.over_time import CloseUnit, EndPost, RenameUnit, close_unit, end_post, rename_unit
from app.identity.service.renewals import approve_renewal, propose_account, propose_renewal, withdraw_renewal
from app.identity.service.sessions import (
    Authenticated,
    authenticate,
    end_sessions_of,
    refresh,
    revoke_session,
    sign_out,
)
from app.identity.service.signing_in import locked_account, sign_in
from app.identity.service.units_and_people import (
    CreatePerson,
    CreateUnit,
    HoldPost,
    create_person,
    create_unit,
    hold_post,
)

__all__ = [
    "OPERATOR",
    "AddClientKey",
    "Administrator",
    "Authenticated",
    "CloseUnit",
    "CreatePerson",
    "CreateUnit",
    "EndPost",
    "Entrance",
    "FirstAccount",
    "GrantClearance",
    "GrantRole",
    "HoldPost",
    "IssueAccount",
    "NameContact",
    "OpenServiceAccount",
    "RenameUnit",
    "RevokeClearance",
    "SignedIn",
    "add_client_key",
    "admin_bootstrap",
    "approve_clearance",
    "approve_grant",
    "approve_renewal",
    "authenticate",
    "change_password",
    "close_unit",
    "create_person",
    "create_unit",
    "disable_account",
    "end_post",
    "end_sessions_of",
    "grant_clearance",
    "grant_role",
    "hand_out",
    "hold_post",
    "issue_account",
    "locked_account",
    "name_contact",
    "open_service_account",
    "propose_account",
    "propose_grant",
    "propose_renewal",
    "put_password",
    "refresh",
    "refuse_conflict",
    "refuse_unless_signing_in",
    "remove_client_key",
    "remove_contact",
    "rename_unit",
    "renew_password",
    "revoke_clearance",
    "revoke_grant",
    "revoke_session",
    "sign_in",
    "sign_in_client",
    "sign_out",
    "withdraw_renewal",
]
