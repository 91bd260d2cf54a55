// Package typeid makes and reads the ids of the API: TypeIDs, a prefix of three letters that tells the kind, an
// underscore, and a UUIDv7 in 26 characters of Crockford's base 32. They sort by time of creation, and an id of the
// wrong kind is known without looking it up.
package typeid

import (
	"strings"

	"github.com/google/uuid"
)

// The prefixes of the kinds.
const (
	Workspace  = "wsp"
	Member     = "mem"
	Pipeline   = "pip"
	Stage      = "stg"
	Record     = "rec"
	Contact    = "con"
	Company    = "cmp"
	Task       = "tsk"
	Session    = "ses"
	APIKey     = "key"
	Team       = "tea"
	Invitation = "inv"
	Job        = "job"
	AuditEntry = "aud"
	Code       = "otp"
	Mail       = "mai"
	Batch      = "bat"
	Span       = "spn"
	Target     = "tgt"
	SavedView  = "viw"
)

var names = map[string]string{
	Workspace: "workspace", Member: "member", Pipeline: "pipeline", Stage: "stage", Record: "record",
	Contact: "contact", Company: "company", Task: "task", Session: "session", APIKey: "API key",
	Team: "team", Invitation: "invitation", Job: "job", AuditEntry: "audit entry", Code: "code", Mail: "mail", Span: "span",
	Target: "target", SavedView: "saved view", Batch: "batch",
}

const alphabet = "0123456789abcdefghjkmnpqrstvwxyz"

// New makes an id of the kind with this prefix.
func New(prefix string) string {
	return prefix + "_" + encode(uuid.Must(uuid.NewV7()))
}

// Kind names the kind of a well-formed id, "" for anything else.
func Kind(id string) string {
	if len(id) != 30 || id[3] != '_' || id[4] > '7' {
		return ""
	}
	for i := 4; i < len(id); i++ {
		if strings.IndexByte(alphabet, id[i]) < 0 {
			return ""
		}
	}
	return names[id[:3]]
}

// Is tells whether an id is well formed and of the kind with this prefix.
func Is(prefix, id string) bool { return Kind(id) != "" && id[:3] == prefix }

// Name gives the kind's name in words.
func Name(prefix string) string { return names[prefix] }

func encode(u uuid.UUID) string {
	var out [26]byte
	var acc uint32
	bits, n := 0, 25
	for i := 15; i >= 0; i-- {
		acc |= uint32(u[i]) << bits
		for bits += 8; bits >= 5; bits -= 5 {
			out[n] = alphabet[acc&31]
			acc >>= 5
			n--
		}
	}
	out[0] = alphabet[acc&31]
	return string(out[:])
}
