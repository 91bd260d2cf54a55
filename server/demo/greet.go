package demo

import (
	"fmt"
	"io"
	"strings"
)

// idField is how the logins name the partner's id of a workspace.
const idField = "workspace_id"

// greet tells a person at a terminal how to come in; by a code only where the mails can be read on this machine.
func greet(out io.Writer, f File, workspace, path string, mailbox bool) error {
	var b strings.Builder
	say := func(format string, args ...any) { fmt.Fprintf(&b, format+"\n", args...) }
	say("\nTideboard with demo data\n")
	say("  in a browser  %s/w/%s", f.URL, partnerID)
	say("  GraphQL       %s/graphql", f.URL)
	say("  workspace     %s (%s)", workspace, f.WorkspaceID)
	say("\nCome in as a member, with Authorization: Bearer and the token:\n")
	for _, m := range f.Members {
		sees := ""
		if !m.SeesAll {
			sees = "  (sees only own records)"
		}
		say("  %-17s %-6s %s%s", m.Name, m.Role, m.Token, sees)
	}
	if mailbox {
		send := func(path, more string) {
			say("  curl -s %s%s -H 'Content-Type: application/json' -d '{\"%s\":\"%s\"%s}'", f.URL, path, idField, partnerID, more)
		}
		say("\nOr log in as anybody does, by a code that is mailed:\n")
		say("  curl -s '%s/api/access?%s=%s'", f.URL, idField, partnerID)
		send("/api/auth/request-otp", "")
		say("  open %s/dev/mailbox and read the code", f.URL)
		send("/api/auth/verify-otp", `,"code":"…"`)
	}
	say("\nOr as a program, with X-API-Key and the key:\n\n  %s", f.APIKey)
	say("\nAll of this, and the ids of pipelines and stages, is in %s.", path)
	if len(f.Pipelines) > 0 {
		p := f.Pipelines[0]
		say("\nOpen the board %q:\n", p.Name)
		say("  curl -s %s/graphql -H 'Content-Type: application/json' -H 'X-API-Key: %s' \\", f.URL, f.APIKey)
		say(`    -d '{"query":"query B($id: ID!) { board(pipelineId: $id) { revision columns { stage { name } totals { count amounts { currency amount } } cards(first: 3) { nodes { number title } } } } }","variables":{"id":"%s"}}'`, p.ID)
	}
	say("")
	_, err := io.WriteString(out, b.String())
	return err
}
