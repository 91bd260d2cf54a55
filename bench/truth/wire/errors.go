package wire

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
)

// Broken is a connection that gave no whole answer: whether the command was carried out is unknown.
type Broken struct{ Err error }

// Error says what broke.
func (e *Broken) Error() string { return "connection broken: " + e.Err.Error() }

// Unwrap gives the cause.
func (e *Broken) Unwrap() error { return e.Err }

// Refused is an answer with errors: nothing was carried out.
type Refused struct {
	Code     string
	Messages []string
}

// Error is the code and the messages.
func (e *Refused) Error() string {
	return "refused with " + e.Code + ": " + strings.Join(e.Messages, "; ")
}

// Overloaded tells whether the server asks to come again later.
func (e *Refused) Overloaded() bool { return e.Code == "OVERLOADED" || e.Code == "RATE_LIMITED" }

// Odd is an answer that is not GraphQL: a fault of the server.
type Odd struct {
	Status int
	Body   string
}

// Error shows what was answered.
func (e *Odd) Error() string {
	return fmt.Sprintf("status %d and no GraphQL answer: %.300s", e.Status, e.Body)
}

// IsBroken tells whether an error leaves the outcome open.
func IsBroken(err error) bool {
	var broken *Broken
	return errors.As(err, &broken)
}

// IsOverloaded tells whether an error asks to come again later.
func IsOverloaded(err error) bool {
	var refused *Refused
	return errors.As(err, &refused) && refused.Overloaded()
}

// wireError is an entry of `errors` in an answer.
type wireError struct {
	Message    string
	Path       []any
	Extensions struct {
		Code    string
		Details json.RawMessage
	}
}

func refusal(list []wireError) *Refused {
	r := new(Refused)
	for _, e := range list {
		if r.Code == "" {
			r.Code = e.Extensions.Code
		}
		text := e.Message
		if len(e.Path) > 0 {
			text += fmt.Sprintf(" at %v", e.Path)
		}
		if len(e.Extensions.Details) > 0 {
			text += " " + string(e.Extensions.Details)
		}
		r.Messages = append(r.Messages, text)
	}
	return r
}
