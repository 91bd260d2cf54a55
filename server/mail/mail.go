// Package mail lets mails leave the house through an outbox. It promises:
//   - a mail is queued in the transaction of what it tells about: if that rolls back there is no mail, if it commits the
//     mail is tried until it is sent, refused for good, given up after 24 hours, or worth nothing any more;
//   - of any number of processes one sends a mail at a time, held by a lease. A process that dies between sending and
//     noting it leaves a mail that is sent once more, under the same Message-ID and key;
//   - the database never shows what a mail says: subject and bodies are sealed, and gone as soon as the mail is;
//   - no error, log line or column holds a text of the mail server's, which may quote the mail.
package mail

import (
	"context"
	"time"
)

// Message is a mail to be queued.
type Message struct {
	// Tenant is the workspace's id, or its id at the partner while there is no workspace here. Up to 64 bytes.
	Tenant string
	// Kind says what the mail is about, such as "login.code": up to 64 small letters, digits, dots and underscores.
	Kind string
	// To is one bare address, without a name.
	To string
	// Subject is one line of up to 250 characters.
	Subject string
	// Text is the mail as plain text, HTML the same as a page, which may be empty. Up to 256 KiB each.
	Text, HTML string
	// Expires is when the mail is worth nothing any more, if ever: it is not sent from then on.
	Expires *time.Time
}

// Envelope is a mail on its way.
type Envelope struct {
	// ID is the mail's own and stays the same when it is tried again, so that a receiver can tell.
	ID, Tenant, Kind, To string
	Subject, Text, HTML  string
	// At is when the mail was queued.
	At time.Time
}

// Sender takes mails away. It is safe for concurrent use.
type Sender interface {
	// Send returns when the mail is taken, or with a [Failure]; any other error counts as one that may pass. It ends when
	// ctx does.
	Send(ctx context.Context, e *Envelope) error
	// Name tells senders apart in the log.
	Name() string
}
