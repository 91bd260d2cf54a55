package demo

import (
	"fmt"
	"io"
	"strings"
)

// greet tells a person at a terminal how to come in.
func greet(out io.Writer, f File, workspace, path string) error {
	var b strings.Builder
	say := func(format string, args ...any) { fmt.Fprintf(&b, format+"\n", args...) }
	say("\nTideboard with demo data\n")
	say("  address    %s", f.URL)
	say("  GraphQL    %s/graphql", f.URL)
	say("  workspace  %s (%s)", workspace, f.WorkspaceID)
	say("\nCome in as a member, with Authorization: Bearer and the token:\n")
	for _, m := range f.Members {
		sees := ""
		if !m.SeesAll {
			sees = "  (sees only own records)"
		}
		say("  %-17s %-6s %s%s", m.Name, m.Role, m.Token, sees)
	}
	if len(f.Members) > 0 {
		say("\nOr log in as anybody does, by a code that is mailed; the mails are at %s/dev/mailbox:\n", f.URL)
		say("  curl -s '%s/api/access?workspace_id=%s'", f.URL, partnerID)
		say("  curl -s %s/api/auth/request-otp -H 'Content-Type: application/json' -d '{\"workspace_id\":\"%s\"}'", f.URL, partnerID)
		say("  curl -s %s/dev/mailbox -H 'Accept: application/json'", f.URL)
		say("  curl -s %s/api/auth/verify-otp -H 'Content-Type: application/json' -d '{\"workspace_id\":\"%s\",\"code\":\"…\"}'", f.URL, partnerID)
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
