package mail

import (
	"context"
	"errors"
	"fmt"
)

// The words for why a mail was not sent, as they stand in last_error and in the log.
const (
	Unreachable = "unreachable" // nobody answers at the server's address
	TimedOut    = "timeout"     // the sender did not answer in time
	Insecure    = "insecure"    // the server offers no TLS, or none that can be trusted
	LoginFailed = "login"       // the server does not take the user and password
	Deferred    = "deferred"    // the server asks to try again later
	Rejected    = "rejected"    // the server will never take this mail
	Broken      = "broken"      // the conversation ended too early, or was none
	Unreadable  = "unreadable"  // the mail was sealed with another key
	Expired     = "expired"     // the mail was worth nothing any more before it could be sent
	GivenUp     = "given up"    // the process ended during the last try
)

// Failure says why a mail was not sent, without a word of the server's.
type Failure struct {
	// Word is one of this package's.
	Word string
	// Code is the SMTP reply code, 0 when there was none.
	Code int
	// Permanent means that another try is no use.
	Permanent bool
}

func (f *Failure) Error() string {
	if f.Code != 0 {
		return fmt.Sprintf("mail: %s (%d)", f.Word, f.Code)
	}
	return "mail: " + f.Word
}

// failureOf makes a failure of whatever a sender returned, nil of nil. An error that says of itself whether it is
// permanent is believed; its text is dropped.
func failureOf(err error) *Failure {
	var f *Failure
	var says interface{ Permanent() bool }
	switch {
	case err == nil:
		return nil
	case errors.As(err, &f):
		return f
	case errors.Is(err, context.DeadlineExceeded), errors.Is(err, context.Canceled):
		return &Failure{Word: TimedOut}
	case errors.As(err, &says) && says.Permanent():
		return &Failure{Word: Rejected, Permanent: true}
	}
	return &Failure{Word: Deferred}
}
