package mail_test

import (
	"context"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rapidbott/tideboard/server/mail"
)

func envelope(to string) *mail.Envelope {
	return &mail.Envelope{ID: "mai_1", Tenant: "wsp_test", Kind: "test.mail", To: to, Subject: "Grüße, Ännchen", Text: "Straße\n.\nEnd\n",
		HTML: "<p>Straße</p>", At: time.Date(2026, 5, 4, 9, 30, 0, 0, time.UTC)}
}

func failure(t *testing.T, err error) mail.Failure {
	t.Helper()
	var f *mail.Failure
	require.ErrorAs(t, err, &f)
	require.NotContains(t, err.Error(), textCanary)
	return *f
}

func TestAMailArrivesWhole(t *testing.T) {
	for way, how := range map[string]security{mail.NoTLS: plainOnly, mail.StartTLS: startTLS, mail.ImplicitTLS: implicitTLS} {
		for _, user := range []string{"", "crm"} {
			t.Run(way+" "+user, func(t *testing.T) {
				office := newOffice(t, how)
				sender := office.sender(way)
				if user != "" {
					office.user, office.password = user, "secret"
					sender.User, sender.Password = user, "secret"
				}
				require.NoError(t, sender.Send(t.Context(), envelope("ada@receiver.example")))
				require.Len(t, office.letters(), 1)
				require.Equal(t, []bool{way != mail.NoTLS}, office.secure)
				l := office.letters()[0]
				require.Equal(t, []string{"crm@sender.example", "ada@receiver.example"}, []string{l.from, l.to})
				subject, err := new(mime.WordDecoder).DecodeHeader(l.header.Get("Subject"))
				require.NoError(t, err)
				require.Equal(t, "Grüße, Ännchen", subject)
				require.Equal(t, `"Tideboard" <crm@sender.example>`, l.header.Get("From"))
				require.Equal(t, "<ada@receiver.example>", l.header.Get("To"))
				require.Equal(t, "<mai_1@sender.example>", l.header.Get("Message-Id"))
				require.Equal(t, "auto-generated", l.header.Get("Auto-Submitted"))
				at, err := l.header.Date()
				require.NoError(t, err)
				require.True(t, at.Equal(envelope("").At))
				require.Equal(t, []string{"text/plain Straße\n.\nEnd\n", "text/html <p>Straße</p>"}, parts(t, l))
			})
		}
	}
}

// parts gives the bodies of a mail, with their types.
func parts(t *testing.T, l letter) (list []string) {
	t.Helper()
	media, params, err := mime.ParseMediaType(l.header.Get("Content-Type"))
	require.NoError(t, err)
	require.Equal(t, "multipart/alternative", media)
	r := multipart.NewReader(strings.NewReader(l.body), params["boundary"])
	for {
		part, err := r.NextRawPart()
		if err == io.EOF {
			return list
		}
		require.NoError(t, err)
		kind, params, err := mime.ParseMediaType(part.Header.Get("Content-Type"))
		require.NoError(t, err)
		require.Equal(t, "utf-8", strings.ToLower(params["charset"]))
		body, err := io.ReadAll(quotedprintable.NewReader(part))
		require.NoError(t, err)
		list = append(list, kind+" "+strings.ReplaceAll(string(body), "\r\n", "\n"))
	}
}

func TestRepliesAreForNowOrForGood(t *testing.T) {
	for _, step := range []string{"mail", "rcpt", "data"} {
		for code, want := range map[int]mail.Failure{
			421: {Word: mail.Deferred, Code: 421}, 450: {Word: mail.Deferred, Code: 450},
			550: {Word: mail.Rejected, Code: 550, Permanent: true}, 552: {Word: mail.Rejected, Code: 552, Permanent: true},
		} {
			office := newOffice(t, startTLS)
			office.refuse = func(at, _ string) error {
				if at == step {
					return reply(code)
				}
				return nil
			}
			require.Equal(t, want, failure(t, office.sender(mail.StartTLS).Send(t.Context(), envelope("ada@receiver.example"))), "%s %d", step, code)
			require.Empty(t, office.letters())
		}
	}
}

func TestWhatTheOperatorCanMendIsNotForGood(t *testing.T) {
	send := func(s *mail.SMTP) mail.Failure {
		return failure(t, s.Send(t.Context(), envelope("ada@receiver.example")))
	}
	office := newOffice(t, startTLS)
	office.user, office.password = "crm", "secret"
	sender := office.sender(mail.StartTLS)
	sender.User, sender.Password = "crm", "wrong"
	require.Equal(t, mail.Failure{Word: mail.LoginFailed, Code: 535}, send(sender))

	sender.TLSConfig = nil
	require.Equal(t, mail.Failure{Word: mail.Insecure}, send(sender), "a certificate that nobody vouches for")
	untrusted := newOffice(t, implicitTLS).sender(mail.ImplicitTLS)
	untrusted.TLSConfig = nil
	require.Equal(t, mail.Failure{Word: mail.Insecure}, send(untrusted))

	bare := newOffice(t, plainOnly)
	require.Equal(t, mail.Failure{Word: mail.Insecure}, send(bare.sender(mail.StartTLS)), "a server without STARTTLS")
	require.Equal(t, mail.Failure{Word: mail.Insecure}, send(bare.sender(mail.ImplicitTLS)), "a server that does not begin with TLS")
	far := bare.sender(mail.NoTLS)
	far.Host = "mail.example"
	require.Equal(t, mail.Failure{Word: mail.Insecure}, send(far), "never in the clear to another machine")
	require.Empty(t, bare.letters())

	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	gone := bare.sender(mail.NoTLS)
	gone.Port = listener.Addr().(*net.TCPAddr).Port
	require.NoError(t, listener.Close())
	require.Equal(t, mail.Failure{Word: mail.Unreachable}, send(gone), "nobody listens")
}

// TestAServerThatSaysNothingIsLeft: at whatever point it falls silent, the sender goes when its time is over.
func TestAServerThatSaysNothingIsLeft(t *testing.T) {
	within := func(s *mail.SMTP) mail.Failure {
		ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
		defer cancel()
		return failure(t, s.Send(ctx, envelope("ada@receiver.example")))
	}
	silent, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer silent.Close()
	for _, way := range []string{mail.NoTLS, mail.StartTLS, mail.ImplicitTLS} {
		s := (&postOffice{port: silent.Addr().(*net.TCPAddr).Port}).sender(way)
		require.Equal(t, mail.Failure{Word: mail.TimedOut}, within(s), way)
	}
	for _, step := range []string{"mail", "rcpt", "data"} {
		office, left := newOffice(t, plainOnly), make(chan struct{}) // never sent to: closed when the sender has gone
		office.refuse = func(at, _ string) error {
			if at == step {
				<-left
			}
			return nil
		}
		require.Equal(t, mail.Failure{Word: mail.TimedOut}, within(office.sender(mail.NoTLS)), step)
		close(left)
	}
}

func TestAServerThatHangsUpIsTriedAgain(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	done := make(chan struct{}) // never sent to: closed at the end
	go func() {
		defer close(done)
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			_, _ = io.WriteString(conn, "220 127.0.0.1 here\r\n")
			_ = conn.Close()
		}
	}()
	s := (&postOffice{port: listener.Addr().(*net.TCPAddr).Port}).sender(mail.NoTLS)
	require.Equal(t, mail.Failure{Word: mail.Broken}, failure(t, s.Send(t.Context(), envelope("ada@receiver.example"))))
	require.NoError(t, listener.Close())
	<-done
}

func TestNothingBreaksAHeader(t *testing.T) {
	office := newOffice(t, plainOnly)
	for _, e := range []mail.Envelope{
		{ID: "mai_1", To: "ada@receiver.example", Subject: "Hi\r\nBcc: eve@evil.example", Text: "x"},
		{ID: "mai_1", To: "ada@receiver.example\r\nRCPT TO:<eve@evil.example>", Subject: "Hi", Text: "x"},
		{ID: "mai_1", To: "ada@receiver.example, eve@evil.example", Subject: "Hi", Text: "x"},
	} {
		require.Equal(t, mail.Failure{Word: mail.Rejected, Permanent: true}, failure(t, office.sender(mail.NoTLS).Send(t.Context(), &e)))
	}
	require.Empty(t, office.letters())
}
