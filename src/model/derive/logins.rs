//! What says that callers are authenticated, where no `authenticatesSource` does; and where
//! people log in for everything else (docs/semantics.md §2).

use super::derived;
use super::infer::{assume, deny, infer_control};
use super::naming::says;
use super::roles::may_pass;
use crate::model::vocabulary::Class;
use crate::model::{ElementId, Model, Origin, Slot, Value};

/// Programs at which people log in for other parts of the system.
const IDENTITY_PROVIDERS: [&str; 16] = [
    "auth server",
    "auth service",
    "authentication server",
    "authentication service",
    "authorization server",
    "captive portal",
    "identity provider",
    "identity service",
    "idp",
    "keycloak",
    "login page",
    "login service",
    "oidc provider",
    "single sign on",
    "sso",
    "token service",
];

/// Schemes of which more than a password is a part.
const TWO_FACTORS: [&str; 20] = [
    "2fa",
    "authenticator",
    "fido",
    "fido2",
    "hardware token",
    "hotp",
    "mfa",
    "multi factor",
    "one time code",
    "one time password",
    "otp",
    "passkey",
    "second factor",
    "security key",
    "smart card",
    "smartcard",
    "totp",
    "two factor",
    "webauthn",
    "yubikey",
];

/// Notes what the words of a model on logins come to.
pub(super) fn find(model: &mut Model) {
    for id in model.ids() {
        if model.element(id).class.is_a(Class::Asset) {
            schemes(model, id);
        }
        if may_pass(model.element(id).class) && says(&model.element(id).name, &IDENTITY_PROVIDERS) {
            let element = model.element(id);
            let reason = format!("it is called “{}”", element.name);
            let place = Some(element.name_place.clone());
            assume(
                model,
                id,
                "isIdentityProvider",
                Value::Bool(true),
                place,
                reason,
            );
        }
        deny(model, id, "isIdentityProvider");
    }
}

/// A scheme by which callers prove who they are, or a way in which people log in, authenticates
/// them; and some schemes name a second factor.
fn schemes(model: &mut Model, id: ElementId) {
    let element = model.element(id);
    let stated = |slot: Option<&Slot>| {
        let slot = slot.filter(|slot| slot.origin == Origin::Declared)?;
        let (place, value) = (slot.place.clone(), &slot.value);
        (value.is_true()).then(|| (place, value.as_text().map(str::to_owned)))
    };
    let denied = element
        .controls
        .named("implementsAuthenticationScheme")
        .is_some_and(|slot| slot.origin == Origin::Declared && !slot.value.is_true());
    let control = |name| stated(element.controls.named(name));
    let own = |name| stated(element.slots.named(name));
    let scheme = control("authenticationScheme").filter(|_| !denied);
    let ways = [
        (scheme.clone(), "its authentication scheme is stated"),
        (
            control("implementsAuthenticationScheme"),
            "it uses an authentication scheme",
        ),
        (control("usesMFA"), "people log in with a second factor"),
        (own("usesOIDC"), "people log in through OpenID Connect"),
        (own("usesSAML"), "people log in through SAML"),
        (own("usesPasswords"), "people log in with passwords"),
    ];
    if let Some((place, why)) = ways[..3]
        .iter()
        .find_map(|(said, why)| Some((said.clone()?.0, *why)))
    {
        let slot = derived(Value::Bool(true), place);
        infer_control(
            model,
            id,
            "implementsAuthenticationScheme",
            slot,
            why.to_owned(),
        );
    }
    let way = ways
        .into_iter()
        .find_map(|(said, why)| Some((said?.0, why)));
    if let Some((place, why)) = way {
        let slot = derived(Value::Bool(true), place);
        infer_control(model, id, "authenticatesSource", slot, why.to_owned());
    }
    if let Some((place, Some(scheme))) = scheme
        && says(&scheme, &TWO_FACTORS)
    {
        let slot = derived(Value::Bool(true), place);
        let reason = format!("its authentication scheme is “{scheme}”");
        infer_control(model, id, "usesMFA", slot, reason);
    }
}
