// Package partner asks Rapidbott, the chatbot platform that owns workspaces, plans, members and subscribers, and hands
// it our mail. Rapidbott publishes no contract, so docs/partner.md writes down the one this package keeps to; the
// package simulator serves it.
//
// Every answer is one of four: what was asked for, ErrNotFound, ErrKeyRefused (or ErrMailRefused), ErrUnavailable. An
// answer that breaks the contract, even one that is about another workspace than was asked, is ErrUnavailable: it is
// never taken for a "no" and never for a "yes". No error and no line of the log holds a key, a mail or a part of an
// answer.
package partner

import (
	"context"
	"errors"
)

// The refusals. Compare with errors.Is; whoever answers a client translates them.
var (
	// ErrNotFound says that the partner has no such workspace. An id that can be none is answered the same.
	ErrNotFound = errors.New("partner: there is no such workspace")
	// ErrKeyRefused says that the partner does not take the workspace's key.
	ErrKeyRefused = errors.New("partner: the workspace's key is refused")
	// ErrMailRefused says that this mail will never be taken: it is malformed, or its key was used for another mail.
	ErrMailRefused = errors.New("partner: the mail is refused")
	// ErrUnavailable says that the partner gave no answer that can be used: nothing at all, not in time, a fault of its
	// own, or an answer that breaks the contract. It wraps the cause, for the log.
	ErrUnavailable = errors.New("partner: no answer that can be used")
)

// API is what the partner can be asked. All methods are safe for concurrent use and end with their context: then the
// error wraps the context's, with ErrUnavailable if time ran out, without it if the caller went away.
type API interface {
	// Workspace asks for a workspace by the id that people type. ErrNotFound, ErrUnavailable.
	Workspace(ctx context.Context, id string) (*Workspace, error)
	// Members asks for one page of a workspace's members. ErrNotFound, ErrUnavailable; a Fault for a bad query.
	Members(ctx context.Context, workspaceID string, q MemberQuery) (*MemberPage, error)
	// AllMembers asks for all members, at most MaxMembers: all of them or an error, never a part, because who is missing
	// from this list loses access. ErrNotFound, ErrUnavailable.
	AllMembers(ctx context.Context, workspaceID string) ([]Member, error)
	// Subscribers asks for one page of a workspace's chatbot subscribers, the longest unchanged first. ErrNotFound,
	// ErrKeyRefused, ErrUnavailable; a Fault for a bad query.
	Subscribers(ctx context.Context, workspaceID string, q SubscriberQuery) (*SubscriberPage, error)
	// SendMail hands over a system mail; nil means that the partner took it, not that it arrived. ErrMailRefused,
	// ErrUnavailable.
	SendMail(ctx context.Context, m Mail) error
	// CheckKey tells whether the partner takes a key as this workspace's; nil means yes. ErrNotFound, ErrKeyRefused,
	// ErrUnavailable.
	CheckKey(ctx context.Context, workspaceID, key string) error
}
