# An SMPP centre by Net::SMPP (Debian's libnet-smpp-perl) for one session: takes texts and says what it got, one line of
# JSON each; sends a receipt and a reply after the first. Usage: perl smpp-centre.pl PORT
use strict;
use warnings;
use Net::SMPP;

$| = 1;
my $listener = Net::SMPP->new_listen('127.0.0.1', port => $ARGV[0]) or die "no listener: $!";
print "ready\n";
my $centre = $listener->accept or die "nobody came: $!";
my $count = 0;

while (my $pdu = $centre->read_pdu()) {
    my $seq = $pdu->{seq};
    if ($pdu->{cmd} == 0x09) {
        my $right = $pdu->{system_id} eq 'sallyport' && $pdu->{password} eq 'p4ss&w0rd';
        $centre->bind_transceiver_resp(system_id => 'perl', seq => $seq, status => $right ? 0 : 0x0e);
    }
    elsif ($pdu->{cmd} == 0x04) {
        my $id = sprintf('%08X', ++$count);
        $centre->submit_sm_resp(message_id => $id, seq => $seq);
        printf qq({"to":"%s","from":"%s","coding":%d,"esm":%d,"hex":"%s"}\n), $pdu->{destination_addr},
          $pdu->{source_addr}, $pdu->{data_coding}, $pdu->{esm_class}, unpack('H*', $pdu->{short_message});
        next if $count > 1;
        $centre->deliver_sm(
            source_addr      => $pdu->{destination_addr},
            destination_addr => $pdu->{source_addr},
            esm_class        => 0x04,
            short_message    => "id:$id sub:001 dlvrd:001 submit date:2611241700 done date:2611241701 stat:DELIVRD err:000 text:",
            async            => 1,
        );
        $centre->deliver_sm(
            source_addr      => $pdu->{destination_addr},
            source_addr_ton  => 1,
            destination_addr => $pdu->{source_addr},
            data_coding      => 8,
            short_message    => pack('n*', 0x4a, 0x61, 0x20, 0xd83d, 0xde00),
            async            => 1,
        );
    }
    elsif ($pdu->{cmd} == 0x80000005) { print qq({"answered":$pdu->{status}}\n) }
    elsif ($pdu->{cmd} == 0x15) { $centre->enquire_link_resp(seq => $seq) }
    elsif ($pdu->{cmd} == 0x06) {
        $centre->unbind_resp(seq => $seq);
        last;
    }
}
print qq({"ended":true}\n);
