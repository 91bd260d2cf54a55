package mail

import (
	"context"
	"crypto/tls"
	"errors"
	"net"
	"net/textproto"
	"strings"

	gomail "github.com/wneessen/go-mail"
)

// SMTP sends through a mail server, over a connection of its own for each mail.
type SMTP struct {
	Config
	// RootCAs and the like for servers whose certificate the system does not know. The name to check is always Host. Nil
	// means the system's.
	TLSConfig *tls.Config
}

// Name is "smtp".
func (s *SMTP) Name() string { return "smtp" }

// Send has the server take the mail. All of it, the connection included, ends with ctx, and after 30 s at the latest.
// What the server says in the conversation about this mail decides whether the failure is permanent; that it cannot be
// reached, trusted or logged in to never is, for the operator can mend it.
func (s *SMTP) Send(ctx context.Context, e *Envelope) error {
	ctx, cancel := context.WithTimeout(ctx, defaultTimeout)
	defer cancel()
	msg, err := s.message(e)
	if err != nil {
		return &Failure{Word: Rejected, Permanent: true}
	}
	line := &line{}
	defer line.close()
	client, err := s.client(ctx, line)
	if err != nil {
		return &Failure{Word: Insecure}
	}
	conversation, err := client.DialToSMTPClientWithContext(ctx)
	if err != nil {
		return dialFailure(ctx, line, err)
	}
	if err := client.SendWithSMTPClient(conversation, msg); err != nil && !msg.IsDelivered() {
		return sendFailure(ctx, err)
	}
	_ = conversation.Quit() // the mail is taken; what the server says to a farewell changes nothing
	return nil
}

func (s *SMTP) message(e *Envelope) (*gomail.Msg, error) {
	if !ValidAddress(e.To) || !printable(e.Subject) {
		return nil, errors.New("mail: this would break its header")
	}
	m := gomail.NewMsg(gomail.WithNoDefaultUserAgent())
	if err := m.FromFormat(s.From.Name, s.From.Address); err != nil {
		return nil, err
	}
	if err := m.To(e.To); err != nil {
		return nil, err
	}
	_, domain, _ := strings.Cut(s.From.Address, "@")
	m.SetMessageIDWithValue(e.ID + "@" + domain)
	m.SetDateWithValue(e.At)
	m.SetGenHeader("Auto-Submitted", "auto-generated") // RFC 3834: nobody's absence is to answer
	m.Subject(e.Subject)
	m.SetBodyString(gomail.TypeTextPlain, e.Text)
	if e.HTML != "" {
		m.AddAlternativeString(gomail.TypeTextHTML, e.HTML)
	}
	return m, nil
}

func (s *SMTP) client(ctx context.Context, l *line) (*gomail.Client, error) {
	secure := &tls.Config{}
	if s.TLSConfig != nil {
		secure = s.TLSConfig.Clone()
	}
	secure.ServerName, secure.MinVersion = s.Host, tls.VersionTLS12
	options := []gomail.Option{
		gomail.WithPort(s.Port), gomail.WithTimeout(defaultTimeout), gomail.WithTLSConfig(secure), gomail.WithoutNoop(),
		gomail.WithDialContextFunc(l.dialer(ctx)),
	}
	logins := []gomail.SMTPAuthType{gomail.SMTPAuthPlain, gomail.SMTPAuthLogin, gomail.SMTPAuthSCRAMSHA256, gomail.SMTPAuthCramMD5}
	switch s.TLS {
	case ImplicitTLS:
		l.secure = secure
		options = append(options, gomail.WithSSL())
	case NoTLS:
		if !loopback(s.Host) {
			return nil, errors.New("mail: a server on another machine needs TLS")
		}
		options = append(options, gomail.WithTLSPolicy(gomail.NoTLS))
		logins = []gomail.SMTPAuthType{gomail.SMTPAuthPlainNoEnc, gomail.SMTPAuthLoginNoEnc}
	default:
		options = append(options, gomail.WithTLSPolicy(gomail.TLSMandatory))
	}
	if s.User != "" {
		options = append(options, gomail.WithOpportunisticSMTPAuth(logins...), gomail.WithUsername(s.User), gomail.WithPassword(s.Password))
	}
	return gomail.NewClient(s.Host, options...)
}

// dialFailure tells why there was no conversation. None of it is about the mail.
func dialFailure(ctx context.Context, l *line, err error) *Failure {
	var reply *textproto.Error
	var untrusted *tls.CertificateVerificationError
	var noTLS tls.RecordHeaderError
	var alert tls.AlertError
	switch {
	case errors.As(err, &reply) && reply.Code/10 == 53: // 530, 534, 535, 538: RFC 4954
		return &Failure{Word: LoginFailed, Code: reply.Code}
	case errors.As(err, &reply):
		return &Failure{Word: Deferred, Code: reply.Code}
	case timedOut(ctx, err):
		return &Failure{Word: TimedOut}
	case errors.As(err, &untrusted), errors.As(err, &noTLS), errors.As(err, &alert), strings.Contains(err.Error(), "STARTTLS"):
		return &Failure{Word: Insecure}
	case strings.Contains(err.Error(), "AUTH"), strings.Contains(err.Error(), "auth"):
		return &Failure{Word: LoginFailed}
	case l.conn == nil:
		return &Failure{Word: Unreachable}
	}
	return &Failure{Word: Broken}
}

// sendFailure tells why the mail was not taken: for good with a 5xx reply, else for now.
func sendFailure(ctx context.Context, err error) *Failure {
	var failed *gomail.SendError
	if errors.As(err, &failed) {
		switch code := failed.ErrorCode(); code / 100 {
		case 5:
			return &Failure{Word: Rejected, Code: code, Permanent: true}
		case 4:
			return &Failure{Word: Deferred, Code: code}
		}
	}
	if timedOut(ctx, err) {
		return &Failure{Word: TimedOut}
	}
	return &Failure{Word: Broken}
}

func timedOut(ctx context.Context, err error) bool {
	var late net.Error
	return ctx.Err() != nil || errors.As(err, &late) && late.Timeout()
}
