"""Writes into the database of a domain controller that does not run, in one transaction: one each would take minutes."""
import json
import sys

import ldb
from samba.auth import system_session
from samba.ndr import ndr_pack
from samba.param import LoadParm
from samba.provision.sambadns import ARecord, SRVRecord
from samba.samdb import SamDB

# DSDB_CONTROL_PASSWORD_BYPASS_LAST_SET: lets pwdLastSet be a day of long ago.
OLD_PASSWORDS = "local_oid:1.3.6.1.4.1.7165.4.3.20:0"

folder = sys.argv[1]
orders = json.load(sys.stdin)
lp = LoadParm()
lp.load(folder + "/smb.conf")
# With the index cache of a usual transaction, each of thousands of people costs more than the one before.
options = ["batch_mode:1", "transaction_index_cache_size:200000"]
samdb = SamDB(folder + "/private/sam.ldb", session_info=system_session(), lp=lp, options=options)


def put_records(dn, records):
    parent = ldb.Dn(samdb, dn).parent()
    known = samdb.search(parent, scope=ldb.SCOPE_ONELEVEL, expression="(name=%s)" % dn.split(",")[0][3:], attrs=["dn"])
    message = ldb.Message(ldb.Dn(samdb, dn))
    packed = [ndr_pack(record) for record in records]
    if known:
        message["dnsRecord"] = ldb.MessageElement(packed, ldb.FLAG_MOD_REPLACE, "dnsRecord")
        samdb.modify(message)
    else:
        message["objectClass"] = "dnsNode"
        message["dnsRecord"] = packed
        samdb.add(message)


samdb.transaction_start()
for _, message in samdb.parse_ldif(orders.get("add", "")):
    samdb.add(message)
for _, message in samdb.parse_ldif(orders.get("change", "")):
    samdb.modify(message, [OLD_PASSWORDS])
for host in orders.get("hosts", []):
    put_records(host["dn"], [ARecord(host["address"])])
for service in orders.get("services", []):
    put_records(service["dn"], [SRVRecord(name, 389, 10 * i) for i, name in enumerate(service["hosts"])])
samdb.transaction_commit()
