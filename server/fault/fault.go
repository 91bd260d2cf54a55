// Package fault is the one shape of everything that can be refused: a stable code for programs, a sentence for
// people, and the places that are wrong. What is not a Fault is a fault of the server, and its text stays inside.
package fault

import (
	"errors"
	"fmt"
)

// Code is a stable name of a refusal, an ErrorCode of the API.
type Code string

// The codes (spec integration, section 4).
const (
	ValidationFailed    Code = "VALIDATION_FAILED"
	UnknownField        Code = "UNKNOWN_FIELD"
	BatchTooLarge       Code = "BATCH_TOO_LARGE"
	BadCursor           Code = "BAD_CURSOR"
	QueryTooExpensive   Code = "QUERY_TOO_EXPENSIVE"
	Unauthenticated     Code = "UNAUTHENTICATED"
	InvalidAPIKey       Code = "INVALID_API_KEY"
	SessionExpired      Code = "SESSION_EXPIRED"
	Forbidden           Code = "FORBIDDEN"
	ScopeMissing        Code = "SCOPE_MISSING"
	NotFoundCode        Code = "NOT_FOUND"
	ContactNotFound     Code = "CONTACT_NOT_FOUND"
	Conflict            Code = "CONFLICT"
	Duplicate           Code = "DUPLICATE"
	StageNotEmpty       Code = "STAGE_NOT_EMPTY"
	PipelineNotEmpty    Code = "PIPELINE_NOT_EMPTY"
	LastOpenStage       Code = "LAST_OPEN_STAGE"
	LastPipeline        Code = "LAST_PIPELINE"
	NoPipeline          Code = "NO_PIPELINE"
	CursorExpired       Code = "CURSOR_EXPIRED"
	InvalidPhone        Code = "INVALID_PHONE"
	InvalidEmail        Code = "INVALID_EMAIL"
	StageNotInPipeline  Code = "STAGE_NOT_IN_PIPELINE"
	StageRequirements   Code = "STAGE_REQUIREMENTS"
	ProbabilityFixed    Code = "PROBABILITY_FIXED"
	OTPInvalid          Code = "OTP_INVALID"
	EmbedTokenInvalid   Code = "EMBED_TOKEN_INVALID"
	EmbedTokenExpired   Code = "EMBED_TOKEN_EXPIRED"
	EmbedDisabled       Code = "EMBED_DISABLED"
	NotEligible         Code = "WORKSPACE_NOT_ELIGIBLE"
	OutsideSchedule     Code = "LOGIN_OUTSIDE_SCHEDULE"
	LimitExceeded       Code = "LIMIT_EXCEEDED"
	InvitationInvalid   Code = "INVITATION_INVALID"
	OwnerEmailMissing   Code = "OWNER_EMAIL_MISSING"
	PartnerKeyInvalid   Code = "PARTNER_KEY_INVALID"
	Upstream            Code = "UPSTREAM_UNAVAILABLE"
	IdempotencyMismatch Code = "IDEMPOTENCY_MISMATCH"
	JobRunning          Code = "JOB_RUNNING"
	PersistedNotFound   Code = "PERSISTED_QUERY_NOT_FOUND"
	RateLimited         Code = "RATE_LIMITED"
	Overloaded          Code = "OVERLOADED"
	Internal            Code = "INTERNAL"
)

// Detail is one place that is wrong: a field path, a code of its own, a sentence.
type Detail struct {
	Field   string `json:"field"`
	Code    Code   `json:"code"`
	Message string `json:"message"`
}

// Fault is a refusal.
type Fault struct {
	Kind    Code
	Message string
	Details []Detail
	Hint    string
	// Reason tells more where the code alone does not, as with WORKSPACE_NOT_ELIGIBLE.
	Reason string
	// RetryAfter is how many seconds to wait before trying again; 0 when there is no telling.
	RetryAfter int
	// Current tells what is there now, with a CONFLICT or a …_NOT_EMPTY.
	Current any
}

func (f *Fault) Error() string { return string(f.Kind) + ": " + f.Message }

// Code gives the stable code as text, for those who know errors only by their methods.
func (f *Fault) Code() string { return string(f.Kind) }

// New makes a refusal.
func New(code Code, format string, args ...any) *Fault {
	return &Fault{Kind: code, Message: fmt.Sprintf(format, args...)}
}

// At makes a refusal about one field.
func At(field string, code Code, format string, args ...any) *Fault {
	msg := fmt.Sprintf(format, args...)
	return &Fault{Kind: code, Message: msg, Details: []Detail{{field, code, msg}}}
}

// NotFound is the one answer for what does not exist and for what the caller may not see.
func NotFound(field, what, id string) *Fault {
	return At(field, NotFoundCode, "there is no %s %q", what, id)
}

// Of finds the refusal in an error; nil when there is none.
func Of(err error) *Fault {
	var f *Fault
	if errors.As(err, &f) {
		return f
	}
	return nil
}

// Is tells whether an error is a refusal with this code.
func Is(err error, code Code) bool {
	f := Of(err)
	return f != nil && f.Kind == code
}

// Passing tells whether an error is a refusal that says nothing about what was asked for: the same may well be done a
// while later.
func Passing(err error) bool {
	return Is(err, Overloaded) || Is(err, Upstream) || Is(err, NotEligible)
}
