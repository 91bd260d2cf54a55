package mail

import (
	"bytes"
	"embed"
	htmltemplate "html/template"
	"strings"
	"text/template"
	"time"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/language"
)

//go:embed texts
var textFiles embed.FS

// Invitation is what an invited person is told. Workspace and Inviter are names, Link leads to the page that accepts,
// Until is the end of the term.
type Invitation struct {
	Workspace, Inviter, Link string
	Until                    time.Time
}

// LoginCode makes the mail with a code to log in to a workspace, valid for so long: whole minutes, rounded down, so that
// nothing is promised that does not hold. The language is a BCP 47 tag; English stands in for what there are no texts in.
func LoginCode(lang, to, workspace, code string, valid time.Duration) Message {
	return write(lang, "login.code", to, struct {
		Workspace, Code string
		Minutes         int
	}{name(workspace), code, max(1, int(valid/time.Minute))})
}

// Invite makes the mail that invites a person to a workspace.
func Invite(lang, to string, in Invitation) Message {
	in.Workspace, in.Inviter, in.Until = name(in.Workspace), name(in.Inviter), in.Until.UTC()
	return write(lang, "member.invitation", to, in)
}

// The reasons of an EligibilityLost.
const (
	ReasonPaused   = "PAUSED"
	ReasonNoPlan   = "NO_VALID_PLAN"
	ReasonNotFound = "WORKSPACE_NOT_FOUND"
)

// EligibilityLost makes the mail that tells that a workspace can no longer be used, and why: one of the reasons, or any
// other text for no reason in particular.
func EligibilityLost(lang, to, workspace, reason string) Message {
	return write(lang, "eligibility.lost", to, struct{ Workspace, Reason string }{name(workspace), reason})
}

// catalogue is the texts of one language: for each kind of mail KIND.txt.tmpl, which also defines the subject, and
// KIND.html.tmpl, which defines the body of the common page.
type catalogue struct {
	lang string
	// moment writes an instant, in UTC.
	moment string
}

// catalogues are the languages there are texts in. The first stands in for the others.
var catalogues = []catalogue{{lang: "en", moment: "2 January 2006, 15:04 UTC"}}

// kinds are the mails there are texts for.
var kinds = []string{"login.code", "member.invitation", "eligibility.lost"}

// wording is a mail's templates in one language.
type wording struct {
	text *template.Template
	html *htmltemplate.Template
}

var matcher, wordings = load()

// load reads all templates, so that a broken one stops the program when it starts.
func load() (language.Matcher, map[string]wording) {
	tags, all := make([]language.Tag, len(catalogues)), map[string]wording{}
	for i, c := range catalogues {
		tags[i] = language.MustParse(c.lang)
		funcs := map[string]any{"moment": func(t time.Time) string { return t.Format(c.moment) }, "lang": func() string { return c.lang }}
		for _, kind := range kinds {
			path := "texts/" + c.lang + "/" + strings.ReplaceAll(kind, ".", "_")
			all[c.lang+" "+kind] = wording{
				template.Must(template.New("").Funcs(funcs).Option("missingkey=error").ParseFS(textFiles, path+".txt.tmpl")),
				htmltemplate.Must(htmltemplate.New("").Funcs(funcs).ParseFS(textFiles, "texts/page.html.tmpl", path+".html.tmpl")),
			}
		}
	}
	return language.NewMatcher(tags), all
}

func write(lang, kind, to string, in any) Message {
	tag, err := language.Parse(lang)
	if err != nil {
		tag = language.Und
	}
	_, i, _ := matcher.Match(tag)
	w := wordings[catalogues[i].lang+" "+kind]
	var subject, text, page bytes.Buffer
	for _, err := range []error{
		w.text.ExecuteTemplate(&subject, "subject", in), w.text.ExecuteTemplate(&text, "text", in), w.html.ExecuteTemplate(&page, "page", in),
	} {
		if err != nil {
			panic("mail: " + err.Error()) // the templates are the program's own, and know all fields
		}
	}
	return Message{Kind: kind, To: to, Subject: oneLine(subject.String(), maxSubject), Text: strings.TrimSpace(text.String()) + "\n", HTML: page.String()}
}

// maxName is how many characters of a name a mail repeats.
const maxName = 100

// name makes a name from elsewhere fit for a mail.
func name(s string) string { return oneLine(s, maxName) }

// oneLine makes a text fit for a header: one line, no control or invisible direction characters, no longer than longest.
func oneLine(s string, longest int) string {
	s = strings.ToValidUTF8(s, "")
	s = strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r), unicode.IsControl(r):
			return ' '
		case unicode.Is(unicode.Bidi_Control, r):
			return -1
		}
		return r
	}, s)
	s = strings.Join(strings.Fields(s), " ")
	if utf8.RuneCountInString(s) > longest {
		s = string([]rune(s)[:longest-1]) + "…"
	}
	return s
}
