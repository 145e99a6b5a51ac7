"""Sentences of Django and allauth that our own catalogue words: theirs has none, or reads badly.

A test holds what people can meet of both against the catalogues.
"""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

#: Their own msgids; nothing uses this list but the catalogues.
REWORDED = (
    _("Your old password was entered incorrectly. Please enter it again."),
    _("Your password can’t be entirely numeric."),
    _("This password is too common."),
    _("This password is entirely numeric."),
    _("The password is too similar to the %(verbose_name)s."),
    _("Your password can’t be a commonly used password."),
    _("Your password can’t be too similar to your other personal information."),
    _("This field is required."),
    _("Enter a valid email address."),
    _("Enter a valid date."),
    _("Enter a number."),
    _("A user is already registered with this email address."),
    _("Be patient, you are sending too many requests."),
    _("Incorrect code."),
    _("Incorrect password."),
    _("Please type your current password."),
    _("The email address and/or password you specified are not correct."),
    _("The password reset token was invalid."),
    _("This account is currently inactive."),
    _("Too many failed login attempts. Try again later."),
    _("You cannot remove your primary email address."),
    _("You cannot remove your primary email address (%(email)s)."),
    _("Your primary email address must be verified."),
    _("You must type the same password each time."),
    _("Login"),
    _("Code"),
    _("Email Addresses"),
    _("The following email addresses are associated with your account:"),
    _("Verified"),
    _("Unverified"),
    _("Primary"),
    _("Make Primary"),
    _("Re-send Verification"),
    _("Add Email Address"),
    _("Add Email"),
    _("Confirm Access"),
    _("Please reauthenticate to safeguard your account."),
    _("Enter your password:"),
    _("Alternative options"),
    _("Use your password"),
    _("Use authenticator app or code"),
    _("Use a security key"),
    _("Current Password"),
    _("New Password (again)"),
    _("Account Inactive"),
    _("This account is inactive."),
    _("Confirm Email Address"),
    _(
        'Please confirm that <a href="mailto:%(email)s">%(email)s</a> is an email address '
        "for user %(user_display)s."
    ),
    _(
        "This email confirmation link expired or is invalid. Please <a "
        'href="%(email_url)s">issue a new email confirmation request</a>.'
    ),
    _("Unable to confirm %(email)s because it is already confirmed by a different account."),
    _("Confirmation email sent to %(email)s."),
    _("You have confirmed %(email)s."),
    _("Removed email address %(email)s."),
    _("You have signed out."),
    _("Password successfully changed."),
    _("Password successfully set."),
    _("Primary email address set."),
    _("Please contact us if you have any trouble resetting your password."),
    _("Reset My Password"),
    _(
        "Forgotten your password? Enter your email address below, and we'll send you an "
        "email allowing you to reset it."
    ),
    _(
        "We have sent you an email. If you have not received it please check your spam "
        "folder. Otherwise contact us if you do not receive it in a few minutes."
    ),
    _(
        "We have sent an email to you for verification. Follow the link provided to finalize "
        "the signup process. If you do not see the verification email in your main inbox, "
        "check your spam folder. Please contact us if you do not receive the verification "
        "email within a few minutes."
    ),
    _("Verify Your Email Address"),
    _("Bad Token"),
    _(
        "The password reset link was invalid, possibly because it has already been used.  "
        'Please request a <a href="%(passwd_reset_url)s">new password reset</a>.'
    ),
    _("Your password is now changed."),
    _("Set Password"),
    _("You are already logged in as %(user_display)s."),
    _("Sign In"),
    _("Two-Factor Authentication"),
    _(
        "Your account is protected by two-factor authentication. Please enter an "
        "authenticator code:"
    ),
    _("Authenticator code"),
    _("Enter an authenticator code:"),
    _("Authentication using an authenticator app is active."),
    _("An authenticator app is not active."),
    _("Activate"),
    _("Deactivate"),
    _("Security Keys"),
    _("No security keys have been added."),
    _("Recovery Codes"),
    _("No recovery codes set up."),
    _("View"),
    _("Generate"),
    _("Activate Authenticator App"),
    _("Deactivate Authenticator App"),
    _("You are about to deactivate authenticator app based authentication. Are you sure?"),
    _(
        "To protect your account with two-factor authentication, scan the QR code below with "
        "your authenticator app. Then, input the verification code generated by the app "
        "below."
    ),
    _("Authenticator secret"),
    _("You can store this secret and use it to reinstall your authenticator app at a later time."),
    _("Unused codes"),
    _("Download codes"),
    _("Generate new codes"),
    _("You are about to generate a new set of recovery codes for your account."),
    _("This action will invalidate your existing codes."),
    _("Are you sure?"),
    _("Add Security Key"),
    _("Edit Security Key"),
    _("Remove Security Key"),
    _("Are you sure you want to remove this security key?"),
    _("Master key"),
    _("Passwordless"),
    _(
        "Enabling passwordless operation allows you to sign in using just this key, but "
        "imposes additional requirements such as biometrics or PIN protection."
    ),
    _("You cannot activate two-factor authentication until you have verified your email address."),
    _("You cannot add an email address to an account protected by two-factor authentication."),
    _("This functionality requires JavaScript."),
    _("Authenticator app activated."),
    _("Authenticator app deactivated."),
    _("A new set of recovery codes has been generated."),
    _("Save them  in a secure location now — they won't be shown again."),
    _("Security key added."),
    _("Security key removed."),
    _("Please Confirm Your Email Address"),
    _("Email Confirmation"),
    _("Your email has been confirmed."),
    _("Email Changed"),
    _("Your email has been changed from %(from_email)s to %(to_email)s."),
    _("Email Removed"),
    _("Email address %(deleted_email)s has been removed from your account."),
    _("Password Changed"),
    _("Your password has been changed."),
    _("You are receiving this mail because the following change was made to your account:"),
    _(
        "If you do not recognize this change then please take proper security precautions "
        "immediately. The change to your account originates from:\n\n"
        "- IP address: %(ip)s\n"
        "- Browser: %(user_agent)s\n"
        "- Date: %(timestamp)s"
    ),
    _("Password Reset Email"),
    _(
        "You're receiving this email because you or someone else has requested a password "
        "reset for your user account.\n"
        "It can be safely ignored if you did not request a password reset. Click the link "
        "below to reset your password."
    ),
    _("In case you forgot, your username is %(username)s."),
    _("Account Already Exists"),
    _("Unknown Account"),
    _(
        "You are receiving this email because you, or someone else, tried to access an "
        "account with email %(email)s. However, we do not have any record of such an account "
        "in our database."
    ),
    _("This mail can be safely ignored if you did not initiate this action."),
    _("If it was you, you can sign up for an account using the link below."),
    _("New Recovery Codes Generated"),
    _("A new set of Two-Factor Authentication recovery codes has been generated."),
    _("Authenticator App Activated"),
    _("Authenticator App Deactivated"),
    _("Security Key Added"),
    _("A new security key has been added."),
    _("Security Key Removed"),
    _("A security key has been removed."),
    ngettext_lazy(
        "This password is too short. It must contain at least %d character.",
        "This password is too short. It must contain at least %d characters.",
        "min_length",
    ),
    ngettext_lazy(
        "Your password must contain at least %(min_length)d character.",
        "Your password must contain at least %(min_length)d characters.",
        "min_length",
    ),
)
