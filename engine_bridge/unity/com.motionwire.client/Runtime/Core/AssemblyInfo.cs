using System.Runtime.CompilerServices;

[assembly: InternalsVisibleTo("Motionwire.Tests.Editor")]
[assembly: InternalsVisibleTo("Motionwire.Tests.Runtime")]
[assembly: InternalsVisibleTo("Motionwire.Console")]
