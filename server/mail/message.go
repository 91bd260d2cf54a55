package mail

import (
	netmail "net/mail"
	"regexp"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/rapidbott/tideboard/server/fault"
)

const (
	maxTenant  = 64
	maxSubject = 250
	maxBody    = 256 << 10
	// maxAddress and maxLocal are in bytes (RFC 5321, sections 4.5.3.1.1 and 4.5.3.1.3, less the brackets).
	maxAddress = 254
	maxLocal   = 64
)

var kindForm = regexp.MustCompile(`^[a-z][a-z0-9_.]{0,63}$`)

// Validate finds everything that is wrong with the message at once: INVALID_EMAIL for the address, VALIDATION_FAILED
// for the rest. Line breaks in what becomes a header are refused, never repaired.
func (m *Message) Validate(now time.Time) error {
	var p fault.Problems
	if m.Tenant == "" || len(m.Tenant) > maxTenant || !printable(m.Tenant) {
		p.Add("tenant", "a mail belongs to a tenant, named in at most %d bytes", maxTenant)
	}
	if !kindForm.MatchString(m.Kind) {
		p.Add("kind", "the kind is small letters, digits, dots and underscores")
	}
	if !ValidAddress(m.To) {
		p.AddCode("to", fault.InvalidEmail, "this is not one mail address")
	}
	if strings.TrimSpace(m.Subject) == "" || utf8.RuneCountInString(m.Subject) > maxSubject || !printable(m.Subject) {
		p.Add("subject", "the subject is one line of 1 to %d characters", maxSubject)
	}
	if strings.TrimSpace(m.Text) == "" || len(m.Text) > maxBody || !utf8.ValidString(m.Text) {
		p.Add("text", "the text has 1 to %d bytes of UTF-8", maxBody)
	}
	if len(m.HTML) > maxBody || !utf8.ValidString(m.HTML) {
		p.Add("html", "the page has at most %d bytes of UTF-8", maxBody)
	}
	if m.Expires != nil && !m.Expires.After(now) {
		p.Add("expires", "the mail is worth nothing any more")
	}
	return p.Err()
}

// ValidAddress tells whether a text is one bare address (RFC 5321): no name, no brackets, no comment, no line break.
func ValidAddress(s string) bool {
	if len(s) > maxAddress || !printable(s) {
		return false
	}
	a, err := netmail.ParseAddress(s)
	if err != nil || a.Name != "" || a.Address != s {
		return false
	}
	at := strings.LastIndexByte(s, '@')
	local, domain := s[:at], s[at+1:]
	return len(local) <= maxLocal && !strings.ContainsAny(s, " \"()<>,;:\\[]") && domain == strings.Trim(domain, ".-")
}

// printable is whether a text may stand in a header: UTF-8 without control characters, and without the separators that
// some programs take for the end of a line.
func printable(s string) bool {
	return utf8.ValidString(s) && strings.IndexFunc(s, func(r rune) bool {
		return unicode.IsControl(r) || r == '\u2028' || r == '\u2029'
	}) < 0
}
