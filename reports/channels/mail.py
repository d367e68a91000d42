"""Reports by e-mail over SMTP, as text and HTML; the Message-ID is the same at every try."""

import smtplib
import ssl
from contextlib import closing, suppress
from email.errors import MessageError
from email.message import EmailMessage
from email.utils import format_datetime, parseaddr
from socket import socket

from config.settings import MailServer
from core.errors import DeliveryError
from reports.channels.deadline import deadline
from reports.channels.values import Notice, Send

TIMEOUT_S = 30.0
DEADLINE_S = 300.0
"""How long a mail may take in all (RFC 5321, section 4.5.3.2, gives a server minutes for its text)."""


def to_mail(name: str, server: MailServer) -> Send:
    """Return what mails reports. An address that the server refuses for good (5xx) is final.

    Where only some are refused, the others have the mail, and it is told all the same.
    """

    def send(notice: Notice) -> None:
        try:
            with closing(connected(server)) as smtp, deadline(_line(smtp), DEADLINE_S):
                if server.user:
                    smtp.login(server.user, server.password)
                refused = smtp.send_message(message(notice, server), server.sender, server.recipients)
                # What was taken is taken, whatever the answer to a goodbye.
                with suppress(smtplib.SMTPException, OSError):
                    smtp.quit()
            if refused:
                raise smtplib.SMTPRecipientsRefused(refused)
        except smtplib.SMTPRecipientsRefused as error:
            final = all(code >= 500 for code, _ in error.recipients.values())
            raise DeliveryError(name, f"refused for {', '.join(error.recipients)}", final) from error
        except smtplib.SMTPResponseException as error:
            said = (
                error.smtp_error.decode("utf-8", "replace") if isinstance(error.smtp_error, bytes) else error.smtp_error
            )
            final = error.smtp_code >= 500 and not isinstance(error, smtplib.SMTPAuthenticationError)
            raise DeliveryError(name, f"{server.host} answered {error.smtp_code} {said}", final) from error
        except (smtplib.SMTPException, OSError) as error:
            raise DeliveryError(name, f"{server.host}:{server.port} cannot be used: {error}") from error
        except MessageError as error:
            raise DeliveryError(name, f"the message cannot be written: {error}", is_final=True) from error

    return send


def message(notice: Notice, server: MailServer) -> EmailMessage:
    """Return the mail of a report."""
    mail = EmailMessage()
    mail["Subject"] = " ".join(notice.subject.split())
    mail["From"], mail["To"] = server.sender, ", ".join(server.recipients)
    mail["Date"] = format_datetime(notice.made_at)
    mail["Message-ID"] = f"<{notice.id}@{parseaddr(server.sender)[1].rpartition('@')[2] or 'govwatch'}>"
    # Out-of-office robots are asked to stay quiet (RFC 3834, section 5).
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(notice.text)
    mail.add_alternative(notice.html, subtype="html")
    return mail


def connected(server: MailServer, timeout_s: float = TIMEOUT_S) -> smtplib.SMTP:
    """Return a line to a server, secured as it says. Raises OSError and SMTPException."""
    context = ssl.create_default_context()
    if server.security == "tls":
        return smtplib.SMTP_SSL(server.host, server.port, timeout=timeout_s, context=context)
    smtp = smtplib.SMTP(server.host, server.port, timeout=timeout_s)
    if server.security == "starttls":
        try:
            smtp.starttls(context=context)
        except BaseException:
            smtp.close()
            raise
    return smtp


def _line(smtp: smtplib.SMTP) -> socket:
    assert smtp.sock is not None
    return smtp.sock
